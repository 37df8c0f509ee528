/**
 * `npm test`: every suite, TypeScript and Python, and after them the proof that no process is left behind.
 * `npm run test:s3`: the suites of a real S3 server, which needs system packages.
 * `npm run test:emitters`: real instrumentations and exporters, which it installs from npm and PyPI.
 * Ends with the counts of tests over all suites, and fails when any of them fails.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { leftBehind, markOfRun, RUN_VARIABLE } from './left-behind.ts'

interface Counts {
  readonly passed: number
  readonly failed: number
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const reports = await mkdtemp(path.join(tmpdir(), 'lens-reports-'))
const mark = markOfRun(process.pid)

type Suite = readonly [name: string, run: () => Promise<Counts>]
const here: readonly Suite[] = [
  ['TypeScript', () => runVitest('vitest.config.ts')],
  ['Python', runPytest],
  ['processes', countLeftBehind],
]
const s3: readonly Suite[] = [
  ['S3', () => runVitest('vitest.s3.config.ts')],
  ['processes', countLeftBehind],
]
const emitters: readonly Suite[] = [
  ['emitters', () => runVitest('vitest.emitters.config.ts')],
  ['processes', countLeftBehind],
]
const suites = { s3, emitters }[process.argv[2] ?? ''] ?? here

let [passed, failed] = [0, 0]
try {
  for (const [name, run] of suites) {
    const counts = await run()
    process.stdout.write(`${name}: ${counts.passed} passed, ${counts.failed} failed\n\n`)
    passed += counts.passed
    failed += counts.failed
  }
} finally {
  await rm(reports, { recursive: true, force: true })
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

async function runVitest(config: string): Promise<Counts> {
  const report = path.join(reports, 'vitest.json')
  const code = await run([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { numPassedTests, numTotalTests } = JSON.parse(await readFile(report, 'utf8').catch(() => '{}'))
  if (typeof numPassedTests !== 'number' || typeof numTotalTests !== 'number') return { passed: 0, failed: 1 }
  return settle({ passed: numPassedTests, failed: numTotalTests - numPassedTests }, code)
}

async function runPytest(): Promise<Counts> {
  const report = path.join(reports, 'pytest.xml')
  const code = await run(['--import', 'tsx', 'test/python/run.ts', `--junitxml=${report}`])
  const suite = /<testsuite [^>]*>/.exec(await readFile(report, 'utf8').catch(() => ''))?.[0] ?? ''
  const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0)
  const failed = number('errors') + number('failures') + number('skipped')
  return settle({ passed: number('tests') - failed, failed }, code)
}

/** A suite that ended badly has at least one failure, whatever its report says. */
function settle(counts: Counts, code: number): Counts {
  return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 }
}

async function countLeftBehind(): Promise<Counts> {
  const left = await leftBehind(mark)
  for (const { pid, command } of left) process.stdout.write(`left behind: process ${pid}: ${command}\n`)
  return { passed: left.length === 0 ? 1 : 0, failed: left.length }
}

function run(words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, [RUN_VARIABLE]: mark }
    const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
