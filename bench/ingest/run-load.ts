/**
 * One load from beginning to end: sent, watched, waited for until every reader has passed it, and compared.
 * Invariant: it begins when nothing is under way, so that all that is seen to change is its own.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  acknowledgedEvents,
  addUp,
  compareCount,
  compareRequests,
  type Difference,
  type Sent,
} from './compare.ts'
import {
  type Counted,
  clickhouseByRequest,
  countHeld,
  parquetByRequest,
  parquetFiles,
  readTotals,
} from './held.ts'
import type { Load, Report } from './loads.ts'
import type { Sending } from './sending.ts'
import type { Stage } from './stage.ts'
import { type Positions, readPositions, startWatch, type Watched } from './watch.ts'

export interface LoadRun {
  readonly load: Load
  readonly report: Report
  readonly watched: Watched
  readonly sent: Sent
  /** What every store held of the run a stated time after its end: the least of the three. */
  readonly heldInTime: number
  readonly difference: Difference
  /** Sentences about sums that should be equal and are not. */
  readonly disagreements: readonly string[]
  /** From the first request until every reader had passed the last event. */
  readonly tookMs: number
}

const HELD_WITHIN_MS = 5_000
const DRAINED_WITHIN_MS = 300_000
const LOOK_EVERY_MS = 50

const nowMs = () => performance.timeOrigin + performance.now()

/** Sends a load without measuring it, until nothing of it is under way. */
export async function warmUp(
  stage: Stage,
  sending: Sending,
  order: { tag: string; load: Load },
): Promise<void> {
  const before = await readPositions(stage)
  const report = await sending.run({ ...order, port: stage.ingestPort, apiKey: stage.apiKey })
  await untilDrained(stage, before, acknowledgedEvents(sentOf(order.load, report)))
}

export async function runLoad(
  stage: Stage,
  sending: Sending,
  { tag, load }: { readonly tag: string; readonly load: Load },
): Promise<LoadRun> {
  const [before, positions] = [await readTotals(stage), await readPositions(stage)]
  const earlier = new Set(await parquetFiles(stage))
  const watch = await startWatch(stage)
  const report = await sending
    .run({ tag, load, port: stage.ingestPort, apiKey: stage.apiKey })
    .catch(async (error: unknown) => {
      await watch.stop().catch(() => undefined)
      throw error
    })
  const sent = sentOf(load, report)
  const inTimeMs = report.endedAtMs + HELD_WITHIN_MS
  const heldInTime = await holdInTime(stage, { held: before, positions }, acknowledgedEvents(sent), inTimeMs)
  await untilDrained(stage, positions, acknowledgedEvents(sent))
  const tookMs = nowMs() - report.beganAtMs
  const watched = await watch.stop()
  const after = await readTotals(stage)
  const budgetEvents = after.budgetEvents - before.budgetEvents
  const difference = addUp([
    compareCount(sent, after.ledger - before.ledger),
    compareRequests(sent, await clickhouseByRequest(stage, tag)),
    compareRequests(sent, await parquetByRequest(stage, tag, earlier)),
  ])
  const disagreements = [...disagreementsOf(after.nanoUsd)]
  if (budgetEvents !== after.ledger - before.ledger) {
    disagreements.push(
      `the budget counted ${budgetEvents} events of ${after.ledger - before.ledger} admitted`,
    )
  }
  if (watched.ahead > 0 && report.resent === 0) {
    disagreements.push(`ClickHouse held less than the archive's position said, ${watched.ahead} times`)
  }
  return { load, report, watched, sent, heldInTime, difference, disagreements, tookMs }
}

const sentOf = ({ eventsPerRequest }: Load, { sent, unanswered }: Report): Sent => ({
  requests: sent,
  eventsPerRequest,
  unanswered,
})

/** Counted once, as soon as the positions say that all is there, and at `untilMs` at the latest. */
async function holdInTime(
  stage: Stage,
  before: { readonly held: Counted; readonly positions: Positions },
  acknowledged: number,
  untilMs: number,
): Promise<number> {
  await untilDrained(stage, before.positions, acknowledged, untilMs)
  const { ledger, clickhouse, parquet } = await countHeld(stage)
  const { held } = before
  const least = Math.min(ledger - held.ledger, clickhouse - held.clickhouse, parquet - held.parquet)
  return Math.min(least, acknowledged)
}

/** By the readers' positions; what has not come by the end of the patience will be missing in the comparison. */
async function untilDrained(
  stage: Stage,
  from: Positions,
  events: number,
  untilMs = nowMs() + DRAINED_WITHIN_MS,
): Promise<void> {
  while (nowMs() < untilMs) {
    const { ledger, archive } = await readPositions(stage)
    if (ledger - from.ledger >= events && archive - from.archive >= events) return
    await sleep(LOOK_EVERY_MS)
  }
}

function disagreementsOf(nanoUsd: Readonly<Record<string, bigint>>): string[] {
  const sums = Object.entries(nanoUsd)
  if (new Set(sums.map(([, sum]) => sum)).size === 1) return []
  return [
    `the stores' sums of cost differ: ${sums.map(([store, sum]) => `${store} ${sum}`).join(', ')} nano-dollars`,
  ]
}
