/**
 * The folder that holds the embedded Postgres's data.
 * Invariant: a data folder leads to the same place at every start, and an emptied one to an empty place: where
 * another folder stands in, a note inside the data folder names it.
 */
import { access, chmod, constants, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Account, canReach } from './postgres-account.ts'
import { EmbeddedStoreError, type StoreLog } from './running-store.ts'

/**
 * Root's own folder, which others can pass through but not change: root writes into it, and would otherwise follow a
 * link that Postgres's account had put there. Only the cluster inside belongs to that account.
 */
const passableMode = 0o711

export async function choosePostgresFolder(input: {
  dataDir: string
  account: Account | undefined
  fallbackParent: string | undefined
  log: StoreLog
}): Promise<string> {
  const { account, log } = input
  const wished = resolve(input.dataDir)
  // Modes count for every parent made on the way, and Postgres's account must get through them.
  await mkdir(wished, { recursive: true, mode: account === undefined ? 0o700 : 0o755 })
  if (account === undefined) return wished
  await chmod(wished, passableMode)
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
  await chmod(folder, passableMode)
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
