/** How a process of a benchmark is started: as the parts of the product are, with a channel to its starter. */
import type { SpawnOptions } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The arguments of `spawn` for a main file, named from the root of the project. */
export function runTsx(entry: string, args: readonly string[] = []): [string, string[], SpawnOptions] {
  const { PATH = '', HOME = '/' } = process.env
  const options: SpawnOptions = {
    cwd: ROOT,
    env: { PATH, HOME },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  }
  return [process.execPath, ['--import', 'tsx', entry, ...args], options]
}
