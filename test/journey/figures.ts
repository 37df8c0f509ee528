/** The figures of a journey, each from where it is known first-hand. Instants are of one machine's clock. */
import { sql } from 'drizzle-orm'
import type { TraceRequest } from '../../local/replay/trace.ts'
import type { Running } from '../../local/running.ts'
import type { ProviderStandIn } from '../../sandbox/provider/open-provider.ts'
import type { SandboxSlack } from '../../sandbox/slack/server.ts'
import { countStores, withPostgres } from './counts.ts'
import { expectedTotal } from './expected.ts'
import type { Seen } from './seen.ts'

export interface JourneyFigures {
  readonly calls_made: number
  readonly events_sent: number
  readonly events_acknowledged: number
  readonly events_in_ledger: number
  readonly events_in_clickhouse: number
  readonly events_in_parquet: number
  readonly spend_nano_usd: {
    readonly expected: string
    readonly ledger: string
    readonly clickhouse: string
    readonly parquet: string
  }
  readonly limit_nano_usd: string
  readonly alerts: readonly number[]
  readonly cards_posted: number
  readonly stop_after_crossing_ms: number
  readonly calls_after_stop: number
  readonly override_to_allowed_ms: number
  /** What ended the override: `expired` when its window did. */
  readonly override_ended_by: string
  readonly first_alert_after_first_event_ms: number
}

export interface JourneyEvidence {
  readonly requests: readonly TraceRequest[]
  readonly running: Running
  readonly seen: Seen
  readonly slack: SandboxSlack
  readonly provider: ProviderStandIn
  readonly overrideAtMs: number
}

export async function readFigures(evidence: JourneyEvidence): Promise<JourneyFigures> {
  const { requests, running, seen, slack, provider, overrideAtMs } = evidence
  const stores = await countStores(running)
  const alerts = await readAlerts(running)
  const made = seen.calls.flatMap(({ number }) => requests[number] ?? [])
  const firstAckMs = Math.min(...seen.acknowledgedAtMs.values())
  return {
    calls_made: provider.calls().length,
    events_sent: seen.calls.length,
    events_acknowledged: seen.stats()?.acknowledged ?? 0,
    events_in_ledger: stores.ledger.events,
    events_in_clickhouse: stores.clickhouse.events,
    events_in_parquet: stores.parquet.events,
    spend_nano_usd: {
      expected: expectedTotal(made).toString(),
      ledger: stores.ledger.spendNanoUsd.toString(),
      clickhouse: stores.clickhouse.spendNanoUsd.toString(),
      parquet: stores.parquet.spendNanoUsd.toString(),
    },
    limit_nano_usd: alerts.limit,
    alerts: alerts.percents,
    cards_posted: await countCards(slack),
    stop_after_crossing_ms: Math.round(
      stoppedAtMs(seen) - (seen.acknowledgedAtMs.get(alerts.stoppedBy) ?? Number.NaN),
    ),
    calls_after_stop: callsAfterStop(seen),
    override_to_allowed_ms: Math.round(allowedAtMs(seen) - overrideAtMs),
    override_ended_by: (await overrideEnd(running)) ?? 'nothing yet',
    first_alert_after_first_event_ms: Math.round((await firstAlertAtMs(slack)) - firstAckMs),
  }
}

function readAlerts(running: Running) {
  return withPostgres(running, async ({ tables }) => {
    const rows = await tables.execute<{ percent: number; request_id: string; limit_nano_usd: string }>(
      sql`select percent, request_id, limit_nano_usd from alerts order by percent, crossed_at`,
    )
    const stop = rows.find((row) => row.percent === 100)
    return {
      percents: rows.map((row) => row.percent),
      stoppedBy: stop?.request_id ?? '',
      limit: stop?.limit_nano_usd ?? '',
    }
  })
}

/** What ended the journey's one override, once a job or the ledger has recorded it. */
export function overrideEnd(running: Running): Promise<string | null> {
  return withPostgres(running, async ({ tables }) => {
    const [row] = await tables.execute<{ ended_by: string | null }>(sql`select ended_by from overrides`)
    return row?.ended_by ?? null
  })
}

/** Messages of the app in channels that are no replies: the card, and nothing else. */
async function countCards(slack: SandboxSlack): Promise<number> {
  const calls = await slack.calls()
  return calls.filter(
    ({ method, args, answer }) =>
      method === 'chat.postMessage' && args.thread_ts === undefined && answer.ok === true,
  ).length
}

async function firstAlertAtMs(slack: SandboxSlack): Promise<number> {
  const calls = await slack.calls()
  const replies = calls.filter(
    ({ method, args, answer }) =>
      method === 'chat.postMessage' &&
      args.thread_ts !== undefined &&
      answer.ok === true &&
      /\b(50|75|90|100)%/.test(String(args.text)),
  )
  return Math.min(...replies.map((call) => call.atMs))
}

const stoppedAtMs = (seen: Seen): number =>
  seen.verdicts.find((verdict) => !verdict.allowed)?.at ?? Number.NaN

/** The first verdict that allows again after the stop. */
function allowedAtMs(seen: Seen): number {
  const stop = seen.verdicts.findIndex((verdict) => !verdict.allowed)
  return seen.verdicts.slice(stop).find((verdict) => verdict.allowed)?.at ?? Number.NaN
}

/** Calls that began while the SDK held a stop, in any stretch between a stop and the next leave. */
function callsAfterStop(seen: Seen): number {
  return seen.calls.filter(({ begun_at }) => {
    const held = seen.verdicts.filter((verdict) => verdict.at <= begun_at).at(-1)
    return held !== undefined && !held.allowed && held.at < begun_at
  }).length
}
