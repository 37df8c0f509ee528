/**
 * The processes of a run that is interrupted, Ctrl-C included: it has no time for an orderly end, and its data no
 * reader; but its files can only be removed once nothing writes there any more.
 */
import { readFileSync } from 'node:fs'

const END_WITHIN_MS = 3_000

/** The map may change until the exit. Returns how to forget it. */
export function killAtExit(pids: ReadonlyMap<number, NodeJS.Signals>): () => void {
  const kill = () => {
    for (const [pid, signal] of pids) if (lives(pid)) process.kill(pid, signal)
    const giveUpAtMs = performance.now() + END_WITHIN_MS
    while ([...pids.keys()].some(lives) && performance.now() < giveUpAtMs) pauseThread(20)
  }
  const interrupt = () => process.exit(130)
  process.prependOnceListener('exit', kill)
  process.once('SIGINT', interrupt)
  process.once('SIGHUP', interrupt)
  return () => {
    process.off('exit', kill)
    process.off('SIGINT', interrupt)
    process.off('SIGHUP', interrupt)
  }
}

/** A process that ended and was not yet collected has ended. */
function lives(pid: number): boolean {
  try {
    return !/^\S+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** While a process exits, nothing asynchronous is done any more. */
const pauseThread = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
