/** From the trace to the calls of a case, and to the limit that they cross. */
import type { TraceRequest } from '../../local/replay/trace.ts'
import { type Case, nameOf, SPEED, type Times, TOKENS_MAX } from './cases.ts'
import type { Due } from './orders.ts'
import type { PriceCall } from './price-call.ts'

export interface Plan {
  /** In order; each client in turn. */
  readonly due: readonly Due[]
  /** Whole cents. */
  readonly limit: bigint
}

const CENT = 10_000_000n

export function planCase(
  of: Case,
  {
    trace,
    times,
    price,
  }: { readonly trace: readonly TraceRequest[]; readonly times: Times; readonly price: PriceCall },
): Plan {
  const due = trace.flatMap(({ atMs, ...tokens }, number) => {
    const afterMs = atMs / SPEED
    if (afterMs >= times.endAfterMs) return []
    return [{ ...tokens, client: number % of.clients, requestId: `${nameOf(of)}_${number}`, afterMs }]
  })
  const early = due.filter(({ afterMs }) => afterMs < times.limitAfterMs)
  const cost = early.reduce((sum, { contextTokens, generatedTokens }) => {
    const tokensOut = Math.min(Math.max(1, generatedTokens), TOKENS_MAX)
    return sum + price({ tokensIn: Math.max(1, contextTokens), tokensOut })
  }, 0n)
  const last = due.at(-1)?.afterMs ?? 0
  if (early.length === due.length) {
    throw new Error(
      `the trace ends after ${Math.round((last * SPEED) / 1000)} s and would not cross the limit; it must be longer than ${Math.ceil((times.limitAfterMs * SPEED) / 1000)} s`,
    )
  }
  return { due, limit: (cost / CENT + 1n) * CENT }
}
