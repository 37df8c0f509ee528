/**
 * `npm run replay`: sends a trace through the real Python SDK to the running product, in a project of its own with a
 * budget of its own, against a stand-in for the provider; so that a person at the Slack page sees it all happen.
 */
import { readFile } from 'node:fs/promises'
import { showUsd } from '../../core/money.ts'
import { openProviderStandIn } from '../../sandbox/provider/open-provider.ts'
import { localDir } from '../config.ts'
import { preparePython } from '../python/environment.ts'
import { readRunning } from '../running.ts'
import { parseReplayArguments, type ReplayArguments } from './arguments.ts'
import { startDriver } from './driver.ts'
import type { DriverBudget, DriverLine } from './driver-line.ts'
import { generateTrace } from './generated-trace.ts'
import { makeProject } from './make-project.ts'
import { changeWords, progressLine, wrapped } from './progress.ts'
import { parseTrace, type TraceRequest } from './trace.ts'

const GENERATED = { seed: 20_231_116, count: 19_366 }
const CONCURRENCY = 32
/** A provider's usual pace, made faster with the trace: 300 ms to the first token, 15 ms for each. */
const FIRST_TOKEN_MS = 300
const PER_TOKEN_MS = 15
const COLUMNS = 100

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<number> {
  const parsed = parseReplayArguments(process.argv.slice(2))
  if (parsed.kind === 'bad') return fail(parsed.problem)
  const { given } = parsed
  const dir = localDir(process.env, process.cwd())
  const running = await readRunning(dir)
  if (!running)
    return fail(`nothing runs on ${dir}: run npm start in another terminal first, and leave it running`)
  const trace = await readTrace(given)
  const python = await preparePython(say, process.env.PYTHON)
  const project = await makeProject(running, given, new Date())
  say(`Project ${project.name}, budget ${showUsd(given.budget)} a month. ${project.where}`)
  const pace = { firstTokenMs: FIRST_TOKEN_MS / given.speed, perTokenMs: PER_TOKEN_MS / given.speed }
  const now = () => new Date()
  const provider = await openProviderStandIn({ host: '127.0.0.1', port: 0, now, delays: pace })
  try {
    const { apiKey } = project
    const urls = { lensUrl: running.ingestUrl, providerUrl: provider.url }
    const config = { python, ...urls, apiKey, model: 'gpt-4o', concurrency: CONCURRENCY, streamShare: 0.3 }
    return await replay({ ...config, speed: given.speed }, trace)
  } finally {
    await provider.close()
  }
}

async function readTrace({ file, requestsMax }: ReplayArguments): Promise<TraceRequest[]> {
  if (file === null) {
    say('No trace is given, so these requests are generated: seeded, and shaped after the Azure LLM')
    say(
      'conversation trace of November 2023 (Patel et al., "Splitwise", ISCA 2024). They are no real traffic.',
    )
    return generateTrace({ ...GENERATED, count: requestsMax ?? GENERATED.count })
  }
  const trace = parseTrace(await readFile(file, 'utf8'))
  say(`${trace.length.toLocaleString('en-US')} requests from ${file}; their times are moved to now.`)
  return trace.slice(0, requestsMax ?? trace.length)
}

async function replay(
  config: Parameters<typeof startDriver>[0],
  trace: readonly TraceRequest[],
): Promise<number> {
  const view = openView(trace.length)
  const driver = startDriver(config, view.hear, (line) => view.print(`sdk: ${line}`))
  driver.feed(trace)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      view.print('Ending: no further call is made; what was made is still sent.')
      driver.stop()
    })
  }
  // Resolves only; the driver's end, below, is what is waited for.
  void view.untilAllMade.then(() => driver.stop())
  const code = await driver.ended
  view.close()
  return code
}

/** Shows the driver's lines: a bar in place on a terminal, a line now and then elsewhere. */
function openView(total: number) {
  const inPlace = process.stdout.isTTY
  let budget: DriverBudget | null = null
  let done = 0
  let shownAt = -1
  let refusalTold = false
  let allMade = () => {}
  const untilAllMade = new Promise<void>((resolve) => {
    allMade = resolve
  })
  const draw = () => {
    const line = progressLine({ done, total, budget })
    if (inPlace) process.stdout.write(`\r\u001b[2K${line}`)
    else if (Math.floor((done / total) * 20) !== shownAt) {
      shownAt = Math.floor((done / total) * 20)
      say(line)
    }
  }
  const print = (line: string) => {
    process.stdout.write(inPlace ? `\r\u001b[2K${line}\n` : `${line}\n`)
    draw()
  }
  const tell = (text: string) => print(wrapped(text, process.stdout.columns || COLUMNS))
  const hear = (line: DriverLine) => {
    if (line.type === 'progress') {
      done = line.done
      if (done >= total) allMade()
    } else if (line.type === 'verdict') {
      const before = budget?.state
      budget = line.budgets[0] ?? null
      if (before !== undefined && budget && budget.state !== before) tell(changeWords(budget))
      if (line.allowed) refusalTold = false
    } else if (line.type === 'refused') {
      // Calls that had begun before the stop still end after it, and each thread is refused once: one telling is enough.
      if (!refusalTold) tell(line.message)
      refusalTold = true
    }
    if (line.type === 'error') print(line.message)
    else if (line.type === 'stats') {
      const lost = line.dropped + line.rejected + line.pending
      print(`${line.calls_done} calls made, ${line.acknowledged} events acknowledged, ${lost} lost.`)
    }
    if (line.type === 'progress' || line.type === 'verdict') draw()
  }
  return { hear, print, untilAllMade, close: () => process.stdout.write(inPlace ? '\n' : '') }
}

function fail(problem: string): number {
  process.stderr.write(`${problem}\n`)
  return 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(fail(error instanceof Error ? error.message : String(error))),
)
