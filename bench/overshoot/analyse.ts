/**
 * From the log of a case to what happened in it, in pure functions.
 * Invariant: where the log leaves open what a server knew at an instant, the reading that excuses nothing of the
 * overshoot is taken, and the one that calls a refusal false only when it was so by every reading.
 */
import type { Call, CaseLog, Refusal, Standing } from './facts.ts'

export interface Crossing {
  /** When the 202 for the event came with which the acknowledged spend reached the limit. */
  readonly atMs: number
  /** The calls whose events had been acknowledged until then, that one included. */
  readonly acknowledged: ReadonlySet<Call>
}

export interface Analysis {
  readonly spent: bigint
  readonly overshoot: bigint
  readonly crossing: Crossing | null
  /** What the calls cost that had begun when the crossing's 202 came and were not yet acknowledged. */
  readonly inFlight: bigint
  /** The part of it of calls that the provider had not yet answered. */
  readonly atProvider: bigint
  /** What was begun in the second before the crossing. */
  readonly spendPerS: bigint
  /** What clients spent beyond the crossing that were cut off then. */
  readonly spentCutOff: bigint
  readonly stopLatenciesMs: readonly number[]
  readonly stopLatenciesCutOffMs: readonly number[]
  readonly falseRefusals: readonly Refusal[]
  readonly holdsMs: readonly number[]
}

const RATE_OVER_MS = 1_000

export function analyse(log: CaseLog): Analysis {
  const spent = sumOf(log.calls)
  const crossing = crossingOf(log)
  const open = crossing === null ? [] : openAt(log.calls, crossing)
  const [live, cutOff] = stopLatencies(log, crossing)
  return {
    spent,
    overshoot: spent > log.limit ? spent - log.limit : 0n,
    crossing,
    inFlight: sumOf(open),
    atProvider: sumOf(open.filter((call) => crossing !== null && call.endedAtMs > crossing.atMs)),
    spendPerS: crossing === null ? 0n : spendPerS(log.calls, crossing.atMs),
    spentCutOff: crossing === null ? 0n : spentCutOff(log, crossing),
    stopLatenciesMs: live,
    stopLatenciesCutOffMs: cutOff,
    falseRefusals: log.refusals.filter((refusal) => isFalse(refusal, log)),
    holdsMs: [...log.calls, ...log.refusals].flatMap(({ holdMs }) => (holdMs === null ? [] : [holdMs])),
  }
}

/**
 * In the order of the 202s, and of the calls' ends for events that one 202 answers. What was acknowledged and cannot be
 * counted yet counts here: a ledger that falls behind must show as a late stop. Null when the limit is never reached.
 */
export function crossingOf({ calls, limit }: Pick<CaseLog, 'calls' | 'limit'>): Crossing | null {
  const inOrder = [...calls].sort((a, b) => a.ackedAtMs - b.ackedAtMs || a.endedAtMs - b.endedAtMs)
  const acknowledged = new Set<Call>()
  let spent = 0n
  for (const call of inOrder) {
    acknowledged.add(call)
    spent += call.cost
    if (spent >= limit) return { atMs: call.ackedAtMs, acknowledged }
  }
  return null
}

const openAt = (calls: readonly Call[], { atMs, acknowledged }: Crossing): Call[] =>
  calls.filter((call) => call.begunAtMs <= atMs && !acknowledged.has(call))

function spendPerS(calls: readonly Call[], atMs: number): bigint {
  const recent = calls.filter((call) => call.begunAtMs > atMs - RATE_OVER_MS && call.begunAtMs <= atMs)
  return sumOf(recent)
}

function spentCutOff(log: CaseLog, { atMs }: Crossing): bigint {
  return sumOf(log.calls.filter((call) => call.begunAtMs > atMs && isCutOff(log, call.client, atMs)))
}

/** From the crossing until each client makes no more calls: of those with a live stream, and of the others. */
function stopLatencies(log: CaseLog, crossing: Crossing | null): [number[], number[]] {
  const live: number[] = []
  const others: number[] = []
  if (crossing === null) return [live, others]
  const { atMs } = crossing
  for (let client = 0; client < log.clients; client += 1) {
    const own = log.standings.filter((standing) => standing.client === client)
    const then = standingAt(own, atMs)
    const isLive = then?.isLive === true && !isCutOff(log, client, atMs)
    ;(isLive ? live : others).push(then?.mayCall === false ? 0 : untilStopped(own, atMs))
  }
  return [live, others]
}

const standingAt = (own: readonly Standing[], atMs: number): Standing | undefined =>
  own.findLast((standing) => standing.atMs <= atMs)

function untilStopped(own: readonly Standing[], fromMs: number): number {
  const stop = own.find((standing) => standing.atMs > fromMs && !standing.mayCall)
  return stop === undefined ? Number.POSITIVE_INFINITY : stop.atMs - fromMs
}

const isCutOff = ({ cutOff }: CaseLog, client: number, atMs: number): boolean =>
  cutOff !== null && cutOff.atMs <= atMs && cutOff.clients.has(client)

/** While the client waited for its answer, posted + the worst case of all in flight + this call never passed the limit. */
export function isFalse(refusal: Refusal, log: Pick<CaseLog, 'calls' | 'refusals' | 'limit'>): boolean {
  const { askedAtMs, atMs, worst } = refusal
  let most = worst
  for (const call of log.calls) {
    if (call.askedAtMs > atMs) continue
    const wasPosted = call.postedAtMs < askedAtMs
    most += wasPosted || call.cost > call.worst ? call.cost : call.worst
  }
  for (const other of log.refusals) {
    if (other === refusal || other.mayBeHeldUntilMs === null) continue
    if (other.askedAtMs <= atMs && other.mayBeHeldUntilMs >= askedAtMs) most += other.worst
  }
  return most <= log.limit
}

const sumOf = (calls: readonly Call[]): bigint => calls.reduce((sum, call) => sum + call.cost, 0n)
