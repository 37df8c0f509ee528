/** The figures of a run, as the last line says them and as people read them. */
import { acknowledgedEvents } from './compare.ts'
import { lagsOf } from './lag.ts'
import type { Load, Report } from './loads.ts'
import { percentile } from './percentile.ts'
import type { ServerCost } from './process-cost.ts'
import type { LoadRun } from './run-load.ts'
import type { Server } from './stage.ts'

export interface FloorFigures {
  readonly rps: number
  readonly events_per_s: number
  readonly ack_p50_ms: number
  readonly ack_p95_ms: number
  readonly ack_p99_ms: number
}

export interface LoadFigures extends FloorFigures {
  readonly cpu_s_per_million_events: number
  readonly rss_mb_max: number
  readonly lost: number
  readonly duplicated: number
  readonly ledger_lag_p95_ms: number
  readonly clickhouse_lag_p95_ms: number
}

const SERVERS: readonly Server[] = ['ingest', 'Postgres', 'ClickHouse']

export function figuresOf(run: LoadRun): LoadFigures {
  const { report, watched, difference, heldInTime, load } = run
  const acknowledged = acknowledgedEvents(run.sent)
  const lag = (seen: LoadRun['watched']['ledger']) =>
    round(percentile(lagsOf(report.marks, seen, acknowledged), 95), 0)
  const cpuS = SERVERS.reduce((sum, server) => sum + cpuOf(run, server), 0)
  // Only the closed loop can run ahead of the stores for a whole minute.
  const counted = load.pace.kind === 'closed' ? heldInTime : acknowledged
  return {
    ...ratesOf(report, load, counted),
    cpu_s_per_million_events: round((cpuS / acknowledged) * 1e6, 2),
    rss_mb_max: round(rssMax(run, 'ingest'), 0),
    lost: difference.lost,
    duplicated: difference.duplicated,
    ledger_lag_p95_ms: lag(watched.ledger),
    clickhouse_lag_p95_ms: lag(watched.clickhouse),
  }
}

export const floorFiguresOf = (report: Report, load: Load): FloorFigures =>
  ratesOf(report, load, (report.sent - report.unanswered.length) * load.eventsPerRequest)

function ratesOf(report: Report, load: Load, events: number): FloorFigures {
  const seconds = (report.endedAtMs - report.beganAtMs) / 1000
  return {
    rps: round(events / load.eventsPerRequest / seconds, 1),
    events_per_s: round(events / seconds, 0),
    ack_p50_ms: round(report.ackMs.p50, 2),
    ack_p95_ms: round(report.ackMs.p95, 2),
    ack_p99_ms: round(report.ackMs.p99, 2),
  }
}

/** What the last line has no place for. */
export function linesOf(name: string, run: LoadRun, figures: LoadFigures): string[] {
  const { report, load } = run
  const acknowledged = acknowledgedEvents(run.sent)
  const seconds = (report.endedAtMs - report.beganAtMs) / 1000
  const perMillion = (cpuS: number) => round((cpuS / acknowledged) * 1e6, 1)
  const cpu = SERVERS.map((server) => `${server} ${perMillion(cpuOf(run, server))}`)
  const rss = SERVERS.map((server) => `${server} ${round(rssMax(run, server), 0)}`)
  const quarters = quartersOf(run).map((mb) => round(mb, 0))
  const outliers = [
    ...(report.refused > 0 ? [`refused with 503 or 429 and sent again: ${report.refused}`] : []),
    ...(report.resent > 0 ? [`connections that broke, sent again: ${report.resent}`] : []),
    ...(report.unanswered.length > 0 ? [`never acknowledged: ${report.unanswered.length} requests`] : []),
  ]
  return [
    `${name}: ${sayPace(load)} x ${load.eventsPerRequest} events, ${round(seconds, 1)} s`,
    `  acknowledged ${acknowledged} events, ${round(acknowledged / seconds, 0)}/s; all three stores held ${run.heldInTime} of them within 5 s of the end`,
    `  ack p50 ${figures.ack_p50_ms} ms, p95 ${figures.ack_p95_ms} ms, p99 ${figures.ack_p99_ms} ms, longest ${round(report.ackMs.max, 1)} ms`,
    `  counted in Postgres after ${figures.ledger_lag_p95_ms} ms, in ClickHouse after ${figures.clickhouse_lag_p95_ms} ms (p95, upper bounds)`,
    `  CPU seconds per million events: ${cpu.join(', ')}; beside it the sending process, not in the sum: ${perMillion(report.cpuS)}`,
    `  most memory in MB: ${rss.join(', ')}; ingest at each quarter: ${quarters.join(', ')}`,
    `  lost ${figures.lost}, duplicated ${figures.duplicated}`,
    ...outliers.map((line) => `  ${line}`),
    ...run.disagreements.map((line) => `  WRONG: ${line}`),
  ]
}

export const floorLine = (floor: FloorFigures, max: LoadFigures | undefined): string => {
  const ratio =
    max === undefined ? '' : `; max reaches ${round((100 * max.events_per_s) / floor.events_per_s, 1)}% of it`
  return `floor, Fastify that only reads and checks: ${floor.events_per_s} events/s, ack p95 ${floor.ack_p95_ms} ms${ratio}`
}

const sayPace = ({ pace }: Load): string =>
  pace.kind === 'open'
    ? `open loop, ${pace.requestsPerS} requests/s`
    : `as fast as answers come on ${pace.connections} connections`

/** From the first request until every reader had passed the last event: also what is done after the answer. */
const cpuOf = ({ watched }: LoadRun, server: Server): number =>
  (watched.costs.at(-1)?.costs[server].cpuS ?? 0) - (watched.costs[0]?.costs[server].cpuS ?? 0)

const rssMax = ({ watched }: LoadRun, server: Server): number =>
  Math.max(...watched.costs.map(({ costs }) => costs[server].rssMb))

/** Ingest's memory after one, two, three and four quarters of the sending. */
function quartersOf({ watched, report }: LoadRun): number[] {
  const rssAt = (atMs: number): ServerCost['rssMb'] =>
    watched.costs.findLast((sample) => sample.atMs <= atMs)?.costs.ingest.rssMb ?? 0
  const quarterMs = (report.endedAtMs - report.beganAtMs) / 4
  return [1, 2, 3, 4].map((quarter) => rssAt(report.beganAtMs + quarter * quarterMs))
}

/** JSON has no infinity: what never came is said as the largest number there is. */
function round(value: number, digits: number): number {
  if (!Number.isFinite(value)) return Number.MAX_SAFE_INTEGER
  return Number(value.toFixed(digits))
}
