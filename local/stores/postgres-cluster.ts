/**
 * A Postgres cluster on disk: made at the first start, found at every later one.
 * Invariant: a half-made cluster is never used; it is made beside its place and renamed when whole.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  access,
  chown,
  lchown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './postgres-account.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { EmbeddedStoreError } from './running-store.ts'

export interface Cluster {
  /** Holds the cluster, its password and its log. */
  folder: string
  /** What Postgres calls its data directory. */
  dir: string
  user: string
  password: string
  account: Account | undefined
  binaries: PostgresBinaries
}

const user = 'lensai'

export async function makeCluster(input: {
  folder: string
  account: Account | undefined
  binaries: PostgresBinaries
  durable: boolean
}): Promise<Cluster> {
  const { folder, account, binaries, durable } = input
  const dir = join(folder, 'cluster')
  const passwordPath = join(folder, 'password')
  if (!(await exists(join(dir, 'PG_VERSION')))) {
    const password = randomBytes(24).toString('hex')
    await writeFile(passwordPath, password, { mode: 0o600 })
    await initialise({ folder, dir, account, binaries, durable, password })
  }
  if (account !== undefined && (await stat(dir)).uid !== account.uid) await chownTree(dir, account)
  const password = (await readFile(passwordPath, 'utf8')).trim()
  return { folder, dir, user, password, account, binaries }
}

interface InitialiseInput {
  folder: string
  dir: string
  account: Account | undefined
  binaries: PostgresBinaries
  durable: boolean
  password: string
}

async function initialise({
  folder,
  dir,
  account,
  binaries,
  durable,
  password,
}: InitialiseInput): Promise<void> {
  const unfinished = `${dir}.unfinished`
  const passwordPath = join(folder, 'initdb.password')
  await rm(unfinished, { recursive: true, force: true })
  await rm(passwordPath, { force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordPath, password, { mode: 0o600, flag: 'wx' })
  if (account !== undefined) {
    await chown(unfinished, account.uid, account.gid)
    await chown(passwordPath, account.uid, account.gid)
  }
  const args = [
    `--pgdata=${unfinished}`,
    `--username=${user}`,
    `--pwfile=${passwordPath}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The builtin provider sorts alike on every machine, whatever locales are installed.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ]
  try {
    await promisify(execFile)(binaries.initdb, args, {
      ...account,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EmbeddedStoreError('start_failed', `Postgres could not make its folder ${dir}: ${reason}`)
  } finally {
    await rm(passwordPath, { force: true })
  }
  await rename(unfinished, dir)
}

/** A folder restored from a backup by root belongs to root, and Postgres insists on owning it. */
async function chownTree(path: string, account: Account): Promise<void> {
  await lchown(path, account.uid, account.gid)
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid)
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
