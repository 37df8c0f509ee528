/**
 * The main job, end to end: calls become spend, the budget tells and stops, a person lifts it in Slack, and it stops
 * again; with every process killed twice on the way. What comes out are figures; what they must be, the caller says.
 */
import { preparePython } from '../../local/python/environment.ts'
import { startDriver } from '../../local/replay/driver.ts'
import type { TraceRequest } from '../../local/replay/trace.ts'
import { readOrMakeSecrets } from '../../local/secrets.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import { openProviderStandIn } from '../../sandbox/provider/open-provider.ts'
import { openSandboxSlack } from '../../sandbox/slack/server.ts'
import { expectAllWithinLimits } from '../slack-limits.ts'
import { makeRunFolder } from '../stores/run-folder.ts'
import { until } from '../waiting.ts'
import { countStores } from './counts.ts'
import { expectedTotal } from './expected.ts'
import { type JourneyFigures, overrideEnd, readFigures } from './figures.ts'
import { type Seen, watchDriver } from './seen.ts'
import { openPerson } from './slack-person.ts'
import { openStack } from './stack.ts'

export interface JourneyPlan {
  readonly requests: readonly TraceRequest[]
  /** Where the budget lies, as a share of what all requests would cost. */
  readonly budgetShare: number
  /** How long the override lasts, as `/lens settings` takes it. */
  readonly overrideWindow: string
  readonly log: (line: string) => void
}

const CONCURRENCY = 8
/** Of the requests, how many are made around the two kills. */
const EARLY_SHARE = 0.4
const STEP_WITHIN_MS = 90_000
const SLACK = { botToken: 'xoxb-journey-0123456789', signingSecret: 'journey-signing-secret' }

export async function runJourney(plan: JourneyPlan): Promise<JourneyFigures> {
  const folder = await makeRunFolder('lens-journey-')
  const ends: (() => Promise<unknown> | unknown)[] = [() => folder.remove()]
  try {
    return await travel(plan, folder.path, ends)
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function travel(
  { requests, budgetShare, overrideWindow, log }: JourneyPlan,
  dir: string,
  ends: (() => Promise<unknown> | unknown)[],
): Promise<JourneyFigures> {
  const now = () => new Date()
  const python = await preparePython(log, process.env.PYTHON)
  const [ingestPort, appPort] = [await findFreePort(), await findFreePort()]
  const slack = await openSandboxSlack({
    host: '127.0.0.1',
    port: 0,
    ...SLACK,
    appUrl: `http://127.0.0.1:${appPort}`,
    stateFile: null,
    now,
    log: { info: () => undefined, warn: (_details, message) => log(`slack: ${message}`) },
  })
  ends.push(() => slack.close())
  const delays = { firstTokenMs: 0, perTokenMs: 0 }
  const provider = await openProviderStandIn({ host: '127.0.0.1', port: 0, now, delays })
  ends.push(() => provider.close())
  const stack = openStack({ dir, ingestPort, appPort, slack: { ...SLACK, apiUrl: slack.apiUrl }, log })
  ends.push(() => stack.stop())
  await stack.start()
  log('everything runs; a person sets the policy and the budget in Slack')

  const person = await openPerson(slack)
  const limit = centsOf((expectedTotal(requests) * BigInt(Math.round(budgetShare * 1000))) / 1000n)
  await person.setOverrideWindows(overrideWindow)
  await person.setBudget(limit)
  await person.untilCard()

  const seen = watchDriver(log)
  const { apiKey } = await readOrMakeSecrets(dir)
  const urls = { lensUrl: `http://127.0.0.1:${ingestPort}`, providerUrl: provider.url }
  const settings = { python, ...urls, apiKey, model: 'gpt-4o', concurrency: CONCURRENCY, speed: null }
  const driver = startDriver({ ...settings, streamShare: 0.2 }, seen.hear, (line) => log(`sdk: ${line}`))
  ends.push(() => driver.kill())

  // Calls go on while nothing answers the SDK; so many that the budget is not reached before all is up again.
  const early = Math.floor(requests.length * EARLY_SHARE)
  driver.feed(requests.slice(0, early))
  const acknowledged = (share: number) =>
    until('events are acknowledged', STEP_WITHIN_MS, () => seen.acknowledgedAtMs.size >= early * share)
  await acknowledged(0.3)
  log(`SIGKILL to ${await stack.kill()} processes in the middle of it`)
  await stack.start()
  await acknowledged(0.6)
  log(`SIGKILL to ${await stack.kill()} processes, right after an acknowledgement`)
  const running = await stack.start()
  driver.feed(requests.slice(early))

  await until('the SDK is stopped', STEP_WITHIN_MS, () => seen.verdicts.at(-1)?.allowed === false)
  await until('a call is refused', STEP_WITHIN_MS, () => seen.refusals.length > 0)
  await settled(seen)
  const stoppedAt = seen.verdicts.length
  // So much that the window ends first.
  const overrideAtMs = await person.override(centsOf(expectedTotal(requests)))
  await until('calls are allowed again', STEP_WITHIN_MS, () =>
    seen.verdicts.slice(stoppedAt).some((v) => v.allowed),
  )
  const callsBefore = seen.calls.length
  await until('calls pass', STEP_WITHIN_MS, () => seen.calls.length > callsBefore)
  await until(
    'the window ends and the SDK is stopped again',
    STEP_WITHIN_MS,
    () => seen.verdicts.at(-1)?.allowed === false,
  )
  driver.stop()
  await driver.ended
  await archived(running, seen)
  await until('the end of the override is recorded', STEP_WITHIN_MS, () => overrideEnd(running))
  expectAllWithinLimits(slack)
  return await readFigures({ requests, running, seen, slack, provider, overrideAtMs })
}

/** Until no call has ended for a moment: those that had begun before the stop are through. */
async function settled(seen: Seen): Promise<void> {
  let [count, since] = [-1, 0]
  await until('calls under way end', STEP_WITHIN_MS, () => {
    if (seen.calls.length !== count) [count, since] = [seen.calls.length, performance.now()]
    return performance.now() - since > 1_000
  })
}

async function archived(running: Parameters<typeof countStores>[0], seen: Seen): Promise<void> {
  const made = seen.calls.length
  await until('all stores hold every event', STEP_WITHIN_MS, async () => {
    const { ledger, clickhouse, parquet } = await countStores(running)
    return [ledger, clickhouse, parquet].every((store) => store.events >= made)
  })
}

/** `12.34`, rounded down to the cent, as a person types an amount. */
const centsOf = (nanoUsd: bigint): string => {
  const cents = nanoUsd / 10_000_000n
  return `${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`
}
