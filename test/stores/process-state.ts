/** Whether processes of a test have ended. A process that ended but was not yet collected by its parent has ended. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

export async function isRunning(pid: number): Promise<boolean> {
  if (!exists(pid)) return false
  if (process.platform !== 'linux') return true
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tX')
  return !/^State:\s+[ZX]/m.test(status)
}

export async function untilEnded(pid: number, timeoutMs: number): Promise<'ended' | 'still running'> {
  const giveUp = AbortSignal.timeout(timeoutMs)
  while (!giveUp.aborted) {
    if (!(await isRunning(pid))) return 'ended'
    await delay(20)
  }
  return 'still running'
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another account's process may not be signalled, and lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
