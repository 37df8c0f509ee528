/**
 * Ends a Postgres server that an earlier, killed starter left behind on a data folder.
 * Invariant: only processes that live in exactly this folder are touched, and none whose starter is alive. Postgres's
 * processes have their data folder as working directory, which tells them from a stranger that was given the same
 * process id later.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const gentleMs = 5_000
const immediateMs = 3_000
const pollMs = 20

export type Leftover = { kind: 'none' } | { kind: 'ended' } | { kind: 'in_use'; starterPid: number }

/** Unless it is in use, no process uses the folder after this and no stale `postmaster.pid` is in the way. */
export async function endLeftover(clusterDir: string, starterPath: string): Promise<Leftover> {
  const postmaster = await readPostmasterPid(clusterDir)
  const starterPid = await readPid(starterPath)
  if (postmaster !== undefined && (await processesIn(clusterDir, postmaster)).includes(postmaster)) {
    if (starterPid !== undefined && (await parentOf(postmaster)) === starterPid)
      return { kind: 'in_use', starterPid }
  }
  const startedAtMs = performance.now()
  let leftover: Leftover = { kind: 'none' }
  for (;;) {
    const alive = await processesIn(clusterDir, postmaster)
    if (alive.length === 0) break
    leftover = { kind: 'ended' }
    const waitedMs = performance.now() - startedAtMs
    // SIGINT is Postgres's "fast" shutdown, SIGQUIT its "immediate" one, which recovery makes good.
    const signal = waitedMs > gentleMs + immediateMs ? 'SIGKILL' : waitedMs > gentleMs ? 'SIGQUIT' : 'SIGINT'
    for (const pid of signal === 'SIGKILL' ? alive : alive.filter((pid) => pid === postmaster)) {
      signalIfAlive(pid, signal)
    }
    await delay(pollMs)
  }
  await rm(join(clusterDir, 'postmaster.pid'), { force: true })
  return leftover
}

async function readPostmasterPid(clusterDir: string): Promise<number | undefined> {
  return await readPid(join(clusterDir, 'postmaster.pid'))
}

async function readPid(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const pid = Number.parseInt(text.split('\n')[0] ?? '', 10)
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
}

async function processesIn(clusterDir: string, postmaster: number | undefined): Promise<number[]> {
  const folder = await realpath(clusterDir)
  if (process.platform === 'linux') return await linuxProcessesIn(folder)
  if (postmaster === undefined) return []
  const command = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(postmaster)]).catch(
    () => undefined,
  )
  const isOurs =
    command !== undefined && (command.stdout.includes(folder) || command.stdout.includes(clusterDir))
  return isOurs ? [postmaster] : []
}

/** A process whose parent ended has another parent since. */
async function parentOf(pid: number): Promise<number | undefined> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1])
  }
  const ps = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(pid)]).catch(() => undefined)
  return Number(ps?.stdout)
}

async function linuxProcessesIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isSafeInteger)
  const ours: number[] = []
  for (const pid of pids) {
    // A process of another account, or one that has just ended, cannot be read and is not ours.
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
    if (cwd !== folder) continue
    const program = await readlink(`/proc/${pid}/exe`).catch(() => '')
    if (basename(program.replace(/ \(deleted\)$/, '')) === 'postgres') ours.push(pid)
  }
  return ours
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
