/**
 * The system account that Postgres runs as. Postgres refuses to run as root, so a root starter needs another one.
 * Invariant: no account is ever created on the machine; an existing one is used.
 */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { EmbeddedStoreError } from './running-store.ts'

const run = promisify(execFile)

export interface Account {
  uid: number
  gid: number
}

/** Undefined means: the starter's own account will do. */
export async function chooseAccount(clusterDir: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  // A cluster made earlier by an ordinary account stays with it.
  const owner = await stat(clusterDir).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  for (const name of ['postgres', 'nobody']) {
    const account = await findAccount(name)
    if (account !== undefined) return account
  }
  throw new EmbeddedStoreError(
    'start_failed',
    'Postgres refuses to run as root, and this machine has neither an account `postgres` nor `nobody` to run it as: start LensAI as another account, or set DATABASE_URL to a Postgres server.',
  )
}

/** Whether the account can enter the folder, or run the program, that `path` names. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...account, cwd: '/' })
    return true
  } catch {
    return false
  }
}

async function findAccount(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) }
  } catch {
    return undefined
  }
}
