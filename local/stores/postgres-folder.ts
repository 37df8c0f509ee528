/**
 * The folder that holds the embedded Postgres's data.
 * Invariant: a data folder leads to the same place at every start, and an emptied one to an empty place: where
 * another folder stands in, a note inside the data folder names it.
 */
import { access, chown, constants, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Account, canReach } from './postgres-account.ts'
import { EmbeddedStoreError, type StoreLog } from './running-store.ts'

export async function choosePostgresFolder(input: {
  dataDir: string
  account: Account | undefined
  fallbackParent: string | undefined
  log: StoreLog
}): Promise<string> {
  const { account, log } = input
  const wished = resolve(input.dataDir)
  await mkdir(wished, { recursive: true, mode: 0o700 })
  if (account === undefined) return wished
  await chown(wished, account.uid, account.gid)
  if (await canReach(account, wished)) return wished

  const folder = await standIn(wished, account, input.fallbackParent)
  log(
    `Postgres keeps its data in ${folder}, because it may not run as root and the account it runs as cannot reach ${wished}.`,
  )
  return folder
}

/** A folder of root's that the account can enter: /var/lib/lensai, or below the temporary folder where that fails. */
export async function sharedFolder(account: Account, fallbackParent: string | undefined): Promise<string> {
  const candidates =
    fallbackParent === undefined ? ['/var/lib/lensai', join(tmpdir(), 'lensai')] : [fallbackParent]
  for (const folder of candidates) {
    if ((await isOwnFolder(folder)) && (await canReach(account, folder))) return folder
  }
  throw new EmbeddedStoreError(
    'start_failed',
    `Postgres needs a folder that its account can reach, and none of these will do: ${candidates.join(', ')}. Start LensAI as an account other than root, or set DATABASE_URL to a Postgres server.`,
  )
}

async function standIn(
  wished: string,
  account: Account,
  fallbackParent: string | undefined,
): Promise<string> {
  const notePath = join(wished, 'data-is-in')
  const noted = (await readFile(notePath, 'utf8').catch(() => '')).trim()
  if (noted !== '' && (await canReach(account, noted))) return noted
  const folder = await mkdtemp(join(await sharedFolder(account, fallbackParent), 'postgres-data-'))
  await chown(folder, account.uid, account.gid)
  await writeFile(notePath, `${folder}\n`)
  return folder
}

/** A folder of another owner's is refused: what lies in it would be run and trusted. */
async function isOwnFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await access(folder, constants.W_OK)
    return (await stat(folder)).uid === process.getuid?.()
  } catch {
    return false
  }
}
