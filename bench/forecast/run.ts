/**
 * `npm run bench -- forecast [--seeds N] [--chosen-on]`: how far the forecast of a budget is off on the labelled twelve
 * weeks, against the mean of the last seven days. The model was chosen on seeds 1 to 40 (`--chosen-on` measures those from
 * 1 on); without it the seeds are those from 1001 on, which nothing was chosen on. Exits with 1 when the mean does better.
 */
import { forecast } from '../../core/forecast/forecast.ts'
import { SCENARIOS, twelveWeeks } from '../../core/forecast/labelled/twelve-weeks.ts'
import { type Measured, measure, nothingMeasured, type PeriodKind, type Way } from './measure.ts'
import { naiveForecast } from './naive.ts'
import { type Figures, figuresOf, header, rowOf } from './table.ts'

const WAYS: Readonly<Record<string, Way>> = { ours: forecast, naive: naiveForecast }
const KINDS: readonly PeriodKind[] = ['weekly', 'monthly']
const SEEDS = 8

export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { seeds, first } = askedFor(args)
  const measured = measureSeeds(Array.from({ length: seeds }, (_, index) => first + index))
  process.stdout.write(`${seeds} seeds of each scenario, from ${first} on\n\n${header()}\n`)
  for (const [of, its] of measured) process.stdout.write(`${rowOf(of, its)}\n`)
  const figures = new Map([...measured].map(([of, its]) => [of, figuresOf(its)]))
  if (!isBetter(figures.get('all ours'), figures.get('all naive'))) process.exitCode = 1
  return { seeds, first_seed: first, ...jsonOf(figures) }
}

/** By `scenario period way`, and for all of them. */
function measureSeeds(seeds: readonly number[]): ReadonlyMap<string, Measured> {
  const measured = new Map<string, Measured>()
  const of = (name: string): Measured => {
    const known = measured.get(name) ?? nothingMeasured()
    measured.set(name, known)
    return known
  }
  for (const scenario of SCENARIOS) {
    for (const kind of KINDS) {
      for (const [name, way] of Object.entries(WAYS)) {
        const into = [of(`${scenario} ${kind} ${name}`), of(`all ${kind} ${name}`), of(`all ${name}`)]
        for (const seed of seeds) measure(way, twelveWeeks(scenario, seed), kind, into)
      }
    }
  }
  return new Map([...measured].sort(([a], [b]) => Number(a.startsWith('all')) - Number(b.startsWith('all'))))
}

const jsonOf = (figures: ReadonlyMap<string, Figures>) =>
  Object.fromEntries([...figures].map(([of, its]) => [of.replaceAll(' ', '_'), its]))

/** In what the product promises: the sum at the end, the instant of the crossing, and few false alerts. */
const isBetter = (ours?: Figures, naive?: Figures): boolean =>
  ours !== undefined &&
  naive !== undefined &&
  ours.end_error_p50_percent < naive.end_error_p50_percent &&
  ours.crossing_error_p50_h < naive.crossing_error_p50_h &&
  ours.alerts_false_percent < naive.alerts_false_percent

function askedFor(args: readonly string[]): { readonly seeds: number; readonly first: number } {
  const first = args.includes('--chosen-on') ? 1 : 1001
  const at = args.indexOf('--seeds')
  if (at === -1) return { seeds: SEEDS, first }
  const seeds = Number(args[at + 1])
  if (Number.isInteger(seeds) && seeds > 0 && seeds <= 1000) return { seeds, first }
  throw new Error(`--seeds ${args[at + 1] ?? ''}: expected a whole number from 1 to 1000`)
}
