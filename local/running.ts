/**
 * Where a running product can be reached by the other commands of this folder, as JSON and as an environment for a
 * shell: written at start, removed at the end.
 */
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { writePrivateFile } from './private-file.ts'

export interface Running {
  readonly pid: number
  readonly ingestUrl: string
  /** The local Slack's page; null when the product talks to Slack. */
  readonly sandboxUrl: string | null
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly objectStoreUrl: string
  readonly orgId: string
}

const fileIn = (dir: string) => path.join(dir, 'running.json')
const environmentFileIn = (dir: string) => path.join(dir, 'env')

/** Both files hold the stores' passwords, and `secrets` go to the environment too, so only their owner can read them. */
export async function saveRunning(
  dir: string,
  running: Running,
  secrets: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writePrivateFile(environmentFileIn(dir), environmentOf(running, secrets))
  await writePrivateFile(fileIn(dir), `${JSON.stringify(running, null, 2)}\n`)
}

export async function removeRunning(dir: string): Promise<void> {
  await Promise.all([fileIn(dir), environmentFileIn(dir)].map((file) => rm(file, { force: true })))
}

/** What the other processes of the product read from their environment, for `set -a; . .lens/env; set +a`. */
function environmentOf(
  { databaseUrl, clickhouseUrl, objectStoreUrl }: Running,
  secrets: Readonly<Record<string, string>>,
): string {
  const variables = {
    DATABASE_URL: databaseUrl,
    CLICKHOUSE_URL: clickhouseUrl,
    OBJECT_STORE_URL: objectStoreUrl,
    ...secrets,
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('')
}

/** A shell takes nothing inside single quotes for anything but itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** What runs in this folder, or null when nothing does; a file left by a killed process counts as nothing. */
export async function readRunning(dir: string): Promise<Running | null> {
  const text = await readFile(fileIn(dir), 'utf8').catch(() => null)
  if (text === null) return null
  const running = parse(text)
  return running && isAlive(running.pid) ? running : null
}

function parse(text: string): Running | null {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return null
  const {
    pid,
    ingestUrl,
    sandboxUrl,
    databaseUrl,
    clickhouseUrl,
    objectStoreUrl,
    orgId,
  }: Record<string, unknown> = { ...value }
  if (typeof pid !== 'number' || typeof ingestUrl !== 'string' || typeof databaseUrl !== 'string') return null
  if (typeof clickhouseUrl !== 'string' || typeof objectStoreUrl !== 'string' || typeof orgId !== 'string')
    return null
  const page = typeof sandboxUrl === 'string' ? sandboxUrl : null
  return { pid, ingestUrl, sandboxUrl: page, databaseUrl, clickhouseUrl, objectStoreUrl, orgId }
}

/** A damaged file tells of nothing that runs; whoever holds the folder is known by its lock, not by this file. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
