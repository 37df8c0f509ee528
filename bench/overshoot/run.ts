/**
 * `npm run bench -- overshoot`: how far a budget is passed, in each mode, by clients of real processes that replay a
 * trace against a limit which it crosses, with and without the loss of replicas.
 * A case ends with the comparison of what its clients paid with the ledger; a difference ends the run.
 */
import { readFile } from 'node:fs/promises'
import { generateTrace } from '../../local/replay/generated-trace.ts'
import { parseTrace, type TraceRequest } from '../../local/replay/trace.ts'
import { type BenchStores, openStores } from '../ingest/stores.ts'
import { analyse } from './analyse.ts'
import { type OvershootArguments, parseOvershootArguments } from './arguments.ts'
import { FIRST_TOKEN_MS, nameOf, PER_TOKEN_MS, SPEED, timesOf } from './cases.ts'
import { type CaseFigures, figuresOf, hotBudgetLine, linesOf } from './figures.ts'
import { openFleet } from './fleet.ts'
import { type HotBudgetFigures, knowsHolds, measureHotBudget } from './hot-budget.ts'
import { buildPriceCall } from './price-call.ts'
import { type Ground, runCase, startWorkers } from './run-case.ts'
import { startOnFreePort } from './start-on-free-port.ts'

export type OvershootFigures = {
  readonly cases: readonly CaseFigures[]
  /** Null when it was not measured. */
  readonly hot_budget: HotBudgetFigures | null
}

/** 20 minutes of the trace that is generated: more than any case replays. */
const GENERATED = { seed: 1, count: 6_000 }

const tell = (line: string) => process.stdout.write(`${line}\n`)

export async function run(args: readonly string[]): Promise<OvershootFigures> {
  const parsed = parseOvershootArguments(args)
  if (parsed.kind === 'bad') throw new Error(parsed.problem)
  const trace = await readTrace(parsed.given.traceFile)
  const stores = await openStores(tell)
  try {
    const [providerUrl, fleet, workers] = await Promise.all([
      startProvider(stores),
      openFleet(stores),
      startWorkers(stores),
    ])
    return await runAll(
      { stores, fleet, workers, providerUrl, trace, price: buildPriceCall(new Date()) },
      parsed.given,
    )
  } finally {
    await stores.close()
  }
}

async function runAll(ground: Ground, given: OvershootArguments): Promise<OvershootFigures> {
  const { stores, fleet } = ground
  const hasStrict = await knowsHolds(fleet.safePort)
  const notRun = (name: string) => {
    tell(`${name}: NOT RUN, as this server does not know POST /v1/holds`)
    process.exitCode = 1
  }
  const cases: CaseFigures[] = []
  for (const one of given.cases) {
    if (one.mode === 'strict' && !hasStrict) {
      notRun(nameOf(one))
      continue
    }
    const log = await runCase(one, timesOf(one, given.isQuick), ground)
    const found = analyse(log)
    for (const line of linesOf(one, log, found)) tell(line)
    cases.push(figuresOf(one, log, found))
  }
  if (!given.hotBudget) return { cases, hot_budget: null }
  if (!hasStrict) {
    notRun('hot budget')
    return { cases, hot_budget: null }
  }
  const hot = await measureHotBudget(stores, { port: fleet.safePort, seconds: given.isQuick ? 2 : 10 })
  tell(hotBudgetLine(hot))
  return { cases, hot_budget: hot }
}

async function readTrace(file: string | null): Promise<TraceRequest[]> {
  const trace = file === null ? generateTrace(GENERATED) : parseTrace(await readFile(file, 'utf8'))
  tell(`${file ?? 'a trace that is generated'}, ${SPEED} times as fast`)
  return trace
}

async function startProvider(stores: BenchStores): Promise<string> {
  const { PATH = '', HOME = '/' } = process.env
  const delays = {
    PROVIDER_FIRST_TOKEN_MS: String(FIRST_TOKEN_MS),
    PROVIDER_PER_TOKEN_MS: String(PER_TOKEN_MS),
  }
  const { port } = await startOnFreePort(stores, (free) => ({
    ...{ name: 'provider', entry: 'sandbox/provider/main.ts' },
    env: { PATH, HOME, PROVIDER_PORT: String(free), ...delays },
  }))
  return `http://127.0.0.1:${port}`
}
