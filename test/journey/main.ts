/** `npm run journey -- --trace FILE --json`: the journey at full size; the last line of stdout is its figures. */
import { readFile } from 'node:fs/promises'
import { generateTrace } from '../../local/replay/generated-trace.ts'
import { parseTrace } from '../../local/replay/trace.ts'
import { brokenPromises } from './promises.ts'
import { runJourney } from './run-journey.ts'

const REQUESTS = 3_000
const began = performance.now()
const log = (line: string) =>
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`)

async function main(words: readonly string[]): Promise<number> {
  const file = words[words.indexOf('--trace') + 1]
  if (words.includes('--trace') && file === undefined) {
    process.stderr.write('usage: npm run journey -- [--trace FILE.csv] [--json]\n')
    return 1
  }
  const trace = words.includes('--trace')
    ? parseTrace(await readFile(String(file), 'utf8'))
    : generateTrace({ seed: 1, count: REQUESTS })
  const requests = trace.slice(0, REQUESTS)
  const figures = await runJourney({ requests, budgetShare: 0.6, overrideWindow: '3s', log })
  const broken = brokenPromises(figures)
  for (const promise of broken) log(`BROKEN: ${promise}`)
  process.stdout.write(`${JSON.stringify(figures, null, words.includes('--json') ? 0 : 2)}\n`)
  return broken.length === 0 ? 0 : 1
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
