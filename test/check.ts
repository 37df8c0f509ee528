/** `npm run check`: types, lint and format, unit tests and with them the architecture; side by side, to be quick. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const CHECKS = [
  ['types', 'node_modules/typescript/bin/tsc'],
  ['lint and format', 'node_modules/@biomejs/biome/bin/biome', 'check'],
  ['unit tests', 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit'],
] as const

const outcomes = await Promise.all(CHECKS.map(([name, ...words]) => runCheck(name, words)))
process.exit(outcomes.every((holds) => holds) ? 0 : 1)

/** Says what the check said once it has ended, so that no two mix. */
function runCheck(name: string, words: readonly string[]): Promise<boolean> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const options = { cwd: ROOT, maxBuffer: 64 * 1024 ** 2 }
    execFile(process.execPath, words, options, (error, stdout, stderr) => {
      const tookS = ((performance.now() - startedAt) / 1000).toFixed(1)
      process.stdout.write(`${stdout}${stderr}${name}: ${error ? 'FAILED' : 'ok'} (${tookS} s)\n`)
      resolve(error === null)
    })
  })
}
