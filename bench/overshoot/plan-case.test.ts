import { describe, expect, it } from 'vitest'
import { SPEED, TOKENS_MAX } from './cases.ts'
import { planCase } from './plan-case.ts'
import { buildPriceCall } from './price-call.ts'

const times = { limitAfterMs: 1_000, lossAfterMs: 800, endAfterMs: 2_000 }
const of = { mode: 'cached', clients: 3, replicasLost: 0 } as const
/** One cent for each token of the answer. */
const price = ({ tokensOut }: { readonly tokensOut: number }) => BigInt(tokensOut) * 10_000_000n
/** Each 100 ms of the case one request. */
const trace = (generatedTokens: readonly number[]) =>
  generatedTokens.map((tokens, at) => ({
    atMs: at * 100 * SPEED,
    contextTokens: 10,
    generatedTokens: tokens,
  }))

describe('the plan of a case', () => {
  it('gives the requests to the clients in turn, as much faster as the case is, and ends with it', () => {
    const { due } = planCase(of, { trace: trace(Array(30).fill(5)), times, price })
    expect(due.slice(0, 4).map(({ client, afterMs }) => [client, afterMs])).toEqual([
      ...[
        [0, 0],
        [1, 100],
        [2, 200],
        [0, 300],
      ],
    ])
    expect(due).toHaveLength(20)
    expect(new Set(due.map(({ requestId }) => requestId)).size).toBe(20)
  })

  it('sets a limit that the calls cross when it should be, as answers are cut at the maximum', () => {
    const { limit } = planCase(of, {
      trace: trace([...Array(10).fill(TOKENS_MAX * 2), ...Array(10).fill(1)]),
      times,
      price,
    })
    expect(limit).toBe(price({ tokensOut: TOKENS_MAX * 10 + 1 }))
  })

  it('says how long a trace must be that ends too early', () => {
    expect(() => planCase(of, { trace: trace([1, 1]), times, price })).toThrow(/must be longer than 30 s/)
  })
})

describe('the price of a call', () => {
  it('is that of the price list', () => {
    const of = buildPriceCall(new Date('2026-11-20T12:00:00Z'))
    // 100 x $2.50/M + 10 x $10/M
    expect(of({ tokensIn: 100, tokensOut: 10 })).toBe(350_000n)
  })
})
