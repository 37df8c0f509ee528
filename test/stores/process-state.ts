/** Whether processes of a test have ended. A process that ended but was not yet collected by its parent has ended. */
import { readdir, readFile } from 'node:fs/promises'
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

/** A process and all below it, by the parents that the kernel knows (Linux). */
export async function processTree(root: number | undefined): Promise<number[]> {
  if (root === undefined) return []
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    parents.set(Number(name), parent)
  }
  const tree = new Set([root])
  for (let before = 0; before !== tree.size; ) {
    before = tree.size
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid)
  }
  return [...tree]
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another account's process may not be signalled, and lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
