/** Where a running product can be reached by the other commands of this folder: written at start, removed at the end. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

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

/** The file holds the stores' passwords, so only its owner can read it. */
export async function saveRunning(dir: string, running: Running): Promise<void> {
  await writeFile(fileIn(dir), `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 })
}

export const removeRunning = (dir: string): Promise<void> => rm(fileIn(dir), { force: true })

/** What runs in this folder, or null when nothing does; a file left by a killed process counts as nothing. */
export async function readRunning(dir: string): Promise<Running | null> {
  const text = await readFile(fileIn(dir), 'utf8').catch(() => null)
  if (text === null) return null
  const running = parse(text)
  return running && isAlive(running.pid) ? running : null
}

function parse(text: string): Running | null {
  const value: unknown = JSON.parse(text)
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
