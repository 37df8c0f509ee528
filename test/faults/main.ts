/**
 * `npm run faults -- ingest [--rounds N] [--seed N]`: ingest under load while everything around it fails.
 * `npm run faults -- start [SECONDS]`: the whole of `npm start` while its processes are killed in turn.
 * Invariant: people read stderr; the last line of stdout is one JSON object, and the exit code is 1 when anything that
 * was acknowledged is lost, doubled or priced wrongly.
 */
import { run as runIngest } from './ingest/run.ts'
import { soak } from './soak.ts'

const SECONDS = 300
const began = performance.now()
const tell = (line: string) => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`)
}

async function main([name, ...words]: readonly string[]): Promise<number> {
  switch (name) {
    case 'ingest': {
      const { figures, isClean } = await runIngest(words, tell)
      process.stdout.write(`${JSON.stringify(figures)}\n`)
      return isClean ? 0 : 1
    }
    case 'start': {
      const seconds = Number(words[0] ?? SECONDS)
      const figures = await soak({ seconds, killEveryS: 20, eventsPerS: 100, log: tell })
      process.stdout.write(`${JSON.stringify(figures)}\n`)
      const wrong = [figures.lost, figures.doubled, figures.mispriced].flatMap((stores) =>
        Object.values(stores).flat(),
      )
      return wrong.length === 0 ? 0 : 1
    }
    default:
      process.stderr.write('npm run faults -- NAME, where NAME is one of: ingest, start\n')
      return 1
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
