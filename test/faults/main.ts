/** `npx tsx test/faults/main.ts [SECONDS]`: the long form of the soak; the last line of stdout is its figures. */
import { soak } from './soak.ts'

const seconds = Number(process.argv[2] ?? 300)
const began = performance.now()
const log = (line: string) =>
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`)

soak({ seconds, killEveryS: 20, eventsPerS: 100, log }).then(
  (figures) => {
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    process.exit(0)
  },
  (error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
