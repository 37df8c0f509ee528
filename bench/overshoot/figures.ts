/** The figures of a case, as the last line says them and as people read them, each beside its goal. */
import { nanoUsd, showUsd } from '../../core/money.ts'
import { percentile } from '../ingest/percentile.ts'
import type { Analysis } from './analyse.ts'
import { type Case, nameOf } from './cases.ts'
import { STALE_AFTER_MS } from './client/guard.ts'
import type { CaseLog } from './facts.ts'
import { HOLDS_PER_S, type HotBudgetFigures } from './hot-budget.ts'

export interface CaseFigures {
  readonly mode: Case['mode']
  readonly clients: number
  readonly replicas_lost: number
  readonly limit_usd: number
  /** Of the ledger, when every call had ended. */
  readonly spent_at_stop_usd: number
  readonly overshoot_usd: number
  readonly overshoot_percent: number
  /** Null when the limit was never reached. */
  readonly in_flight_usd_at_crossing: number | null
  readonly false_refusals: number
  readonly stop_latency_p95_ms: number | null
  readonly stop_latency_cut_off_p95_ms: number | null
  readonly hold_p50_ms: number | null
  readonly hold_p95_ms: number | null
}

const STOP_GOAL_MS = 500
const HOLD_GOAL_MS = 10
const HOLDS_GOAL_PER_S = 2_000

export function figuresOf(of: Case, log: CaseLog, found: Analysis): CaseFigures {
  return {
    ...{ mode: of.mode, clients: of.clients, replicas_lost: of.replicasLost },
    limit_usd: toUsd(log.limit),
    spent_at_stop_usd: toUsd(found.spent),
    overshoot_usd: toUsd(found.overshoot),
    overshoot_percent: Number(((Number(found.overshoot) / Number(log.limit)) * 100).toFixed(2)),
    in_flight_usd_at_crossing: found.crossing === null ? null : toUsd(found.inFlight),
    false_refusals: found.falseRefusals.length,
    stop_latency_p95_ms: p95(found.stopLatenciesMs),
    stop_latency_cut_off_p95_ms: p95(found.stopLatenciesCutOffMs),
    hold_p50_ms: at(found.holdsMs, 50, 2),
    hold_p95_ms: at(found.holdsMs, 95, 2),
  }
}

/** What a cached budget may be passed by while every client hears: what was in flight, and half a second of spend. */
const allowed = ({ inFlight, spendPerS }: Analysis): bigint => inFlight + spendPerS / 2n

export function linesOf(of: Case, log: CaseLog, found: Analysis): string[] {
  const figures = figuresOf(of, log, found)
  const { calls, refusals } = log
  const unreachable = refusals.filter(({ by }) => by === 'unreachable').length
  return [
    `${nameOf(of)}: ${calls.length} calls made, ${refusals.length} refused (${unreachable} of them as nobody could be asked)`,
    `  limit ${show(log.limit)}, spent ${show(found.spent)}: passed by ${show(found.overshoot)}, ${figures.overshoot_percent}%; ${overshootGoal(of, found)}`,
    ...(found.crossing === null ? [] : crossingLines(of, found)),
    `  false refusals ${figures.false_refusals} (goal 0)${sayFalse(found)}`,
    ...stopLines(figures, found),
    ...(figures.hold_p95_ms === null
      ? []
      : [`  ${found.holdsMs.length} holds: p50 ${figures.hold_p50_ms} ms, p95 ${figures.hold_p95_ms} ms`]),
    '  the ledger, the budget and the clients agree to the nano-dollar, call by call',
  ]
}

function overshootGoal({ mode, replicasLost }: Case, found: Analysis): string {
  if (mode === 'strict') return `goal $0.00: ${found.overshoot === 0n ? 'held' : 'NOT HELD'}`
  const heard = found.overshoot - found.spentCutOff
  const whose = replicasLost > 0 ? ` (${show(heard)} of it not by clients that were cut off)` : ''
  return `goal at most ${show(allowed(found))}: ${heard <= allowed(found) ? 'held' : 'NOT HELD'}${whose}`
}

const crossingLines = ({ replicasLost }: Case, found: Analysis): string[] => [
  `  in flight at the crossing ${show(found.inFlight)}, ${show(found.atProvider)} of it still at the provider; spend was ${show(found.spendPerS)}/s`,
  ...(replicasLost > 0 ? [`  clients that were cut off spent ${show(found.spentCutOff)} after it`] : []),
]

function stopLines(figures: CaseFigures, found: Analysis): string[] {
  const line = (what: string, p95Ms: number | null, latencies: readonly number[], goalMs: number) =>
    p95Ms === null
      ? []
      : [
          `  ${what}: p95 ${p95Ms} ms, longest ${at(latencies, 100, 0)} ms over ${latencies.length} clients (goal ${goalMs} ms)`,
        ]
  return [
    ...line('stopped after', figures.stop_latency_p95_ms, found.stopLatenciesMs, STOP_GOAL_MS),
    ...line(
      'those cut off after',
      figures.stop_latency_cut_off_p95_ms,
      found.stopLatenciesCutOffMs,
      STALE_AFTER_MS,
    ),
  ]
}

function sayFalse({ falseRefusals }: Analysis): string {
  const unreachable = falseRefusals.filter(({ by }) => by === 'unreachable').length
  return falseRefusals.length === 0 ? '' : `, ${unreachable} of them as nobody could be asked`
}

export const hotBudgetLine = ({ holds_per_s, hold_p95_ms }: HotBudgetFigures): string =>
  `hot budget: ${holds_per_s} holds/s (goal ${HOLDS_GOAL_PER_S}), p95 ${hold_p95_ms} ms at ${HOLDS_PER_S}/s (goal ${HOLD_GOAL_MS})`

const p95 = (latencies: readonly number[]): number | null => at(latencies, 95, 0)

/** JSON has no infinity: what never came is said as the largest number there is. */
function at(values: readonly number[], percent: number, digits: number): number | null {
  if (values.length === 0) return null
  const value = percentile(Float64Array.from(values).sort(), percent)
  return Number.isFinite(value) ? Number(value.toFixed(digits)) : Number.MAX_SAFE_INTEGER
}

const toUsd = (nanos: bigint): number => Number(nanos) / 1e9
const show = (nanos: bigint): string => showUsd(nanoUsd(nanos))
