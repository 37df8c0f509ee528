/**
 * The folder of one test run, below the temporary folder.
 * Invariant: it is gone when the run is; what a killed run left behind is removed by the next.
 */
import { rmSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from './process-state.ts'

export interface RunFolder {
  path: string
  remove: () => Promise<void>
}

export async function makeRunFolder(prefix: string): Promise<RunFolder> {
  await removeFoldersOfDeadRuns(prefix)
  const path = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  // Postgres may run as another account, which must be able to pass through.
  await chmod(path, 0o711)
  const removal = { recursive: true, force: true, maxRetries: 3 }
  const removeAtExit = () => rmSync(path, removal)
  const exitWhenTerminated = () => process.exit(143)
  process.once('exit', removeAtExit)
  process.once('SIGTERM', exitWhenTerminated)
  return {
    path,
    remove: async () => {
      await rm(path, removal)
      process.off('exit', removeAtExit)
      process.off('SIGTERM', exitWhenTerminated)
    },
  }
}

async function removeFoldersOfDeadRuns(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const pid = Number.parseInt(name.slice(prefix.length), 10)
    if (!Number.isSafeInteger(pid) || (await isRunning(pid))) continue
    await rm(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 3 })
  }
}
