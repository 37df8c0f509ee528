/**
 * Which processes of a test run are still alive. They are known by a variable that every process of the run inherits;
 * where the system does not show a process's environment (other than Linux), none can be told.
 */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export const RUN_VARIABLE = 'LENS_TEST_RUN'

export const markOfRun = (pid: number): string => `run-of-${pid}`

/** What was just asked to end has this long to do so. */
const GRACE_MS = 3_000

export async function leftBehind(mark: string): Promise<{ pid: number; command: string }[]> {
  const deadline = performance.now() + GRACE_MS
  for (;;) {
    const left = await marked(mark)
    if (left.length === 0 || performance.now() > deadline) return left
    await sleep(100)
  }
}

async function marked(mark: string): Promise<{ pid: number; command: string }[]> {
  const names = await readdir('/proc').catch(() => [])
  const found: { pid: number; command: string }[] = []
  for (const name of names.filter((each) => /^\d+$/.test(each))) {
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '')
    if (!environment.split('\0').includes(`${RUN_VARIABLE}=${mark}`)) continue
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (command !== '') found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() })
  }
  return found
}
