import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyse, crossingOf, isFalse } from './analyse.ts'
import type { Call, CaseLog, Refusal, Standing } from './facts.ts'

/** One that took a second from its asking, acknowledged 100 ms after it ended, counted 100 ms after that. */
const aCall = (askedAtMs: number, cost: bigint, facts: Partial<Call> = {}): Call => ({
  ...{ requestId: `r${askedAtMs}`, client: 0, askedAtMs, cost, worst: cost * 2n, holdMs: null },
  ...{ begunAtMs: askedAtMs, endedAtMs: askedAtMs + 1_000 },
  ...{ ackedAtMs: askedAtMs + 1_100, postedAtMs: askedAtMs + 1_200 },
  ...facts,
})
const aRefusal = (askedAtMs: number, worst: bigint, facts: Partial<Refusal> = {}): Refusal => ({
  ...{ client: 0, askedAtMs, atMs: askedAtMs + 5, by: 'budget', worst, holdMs: 5, mayBeHeldUntilMs: null },
  ...facts,
})
const aLog = (facts: Partial<CaseLog>): CaseLog => ({
  ...{ limit: 100n, clients: 1, calls: [], refusals: [], standings: [], cutOff: null },
  ...facts,
})
const standing = (client: number, atMs: number, isLive: boolean, mayCall: boolean): Standing => ({
  ...{ client, atMs, isLive, mayCall },
})

const sumOf = (calls: readonly Call[]) => calls.reduce((sum, { cost }) => sum + cost, 0n)

describe('the overshoot', () => {
  it('is what was spent beyond the limit, and nothing below it', () => {
    expect(analyse(aLog({ calls: [aCall(0, 60n), aCall(10, 70n)] })).overshoot).toBe(30n)
    expect(analyse(aLog({ calls: [aCall(0, 60n)] })).overshoot).toBe(0n)
  })

  it('is all in flight at the crossing, what was begun later, and the rest of the call that crossed', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            asked: fc.nat(5_000),
            cost: fc.bigInt(1n, 40n),
            tookMs: fc.nat(2_000),
            ackMs: fc.nat(500),
          }),
          { minLength: 1, maxLength: 60 },
        ),
        (made) => {
          const calls = made.map(({ asked, cost, tookMs, ackMs }) => {
            const ackedAtMs = asked + tookMs + ackMs
            return aCall(asked, cost, { endedAtMs: asked + tookMs, ackedAtMs })
          })
          const { crossing, inFlight, overshoot } = analyse(aLog({ calls }))
          const counted = sumOf([...(crossing?.acknowledged ?? calls)])
          const later = calls.filter(
            (call) => crossing && call.begunAtMs > crossing.atMs && !crossing.acknowledged.has(call),
          )
          expect(counted >= 100n).toBe(crossing !== null)
          expect(counted).toBeLessThan(140n)
          expect(overshoot).toBe(crossing ? counted - 100n + inFlight + sumOf(later) : 0n)
        },
      ),
    )
  })
})

describe('the crossing', () => {
  it('is the 202 with which the acknowledged spend reached the limit', () => {
    const first = aCall(500, 60n)
    const late = aCall(0, 60n, { ackedAtMs: 9_000 })
    expect(crossingOf({ calls: [late, first], limit: 100n })?.atMs).toBe(9_000)
    expect(crossingOf({ calls: [late, first], limit: 60n })?.atMs).toBe(1_600)
    expect(crossingOf({ calls: [late, first], limit: 121n })).toBeNull()
  })

  it('waits for no ledger: one that counts late is no excuse for a late stop', () => {
    const calls = [aCall(0, 60n, { postedAtMs: 20_000 }), aCall(500, 60n, { postedAtMs: 20_000 })]
    expect(crossingOf({ calls, limit: 100n })?.atMs).toBe(1_600)
  })

  it('takes what one 202 acknowledges in the order in which the calls ended', () => {
    const [second, first] = [aCall(0, 60n), aCall(0, 70n, { endedAtMs: 900 })]
    const found = crossingOf({ calls: [second, first], limit: 70n })
    expect([...(found?.acknowledged ?? [])]).toEqual([first])
  })

  it('finds in flight what had begun and was not acknowledged, and says what of it the provider still had', () => {
    const crosses = aCall(0, 100n)
    const waits = aCall(50, 7n, { endedAtMs: 1_090, ackedAtMs: 1_300 })
    const runs = aCall(1_000, 5n)
    const later = aCall(1_101, 3n)
    const found = analyse(aLog({ calls: [crosses, waits, runs, later] }))
    expect(found.crossing?.atMs).toBe(1_100)
    expect([found.inFlight, found.atProvider, found.overshoot]).toEqual([12n, 5n, 15n])
  })
})

describe('the stop latency', () => {
  const calls = [aCall(0, 100n)]
  it('lasts from the 202 of the crossing until a client with a live stream makes no more calls', () => {
    const standings = [
      ...[standing(0, -50, true, true), standing(0, 1_350, true, false)],
      ...[standing(1, -50, true, true), standing(1, 1_400, true, false), standing(1, 1_500, true, true)],
    ]
    const found = analyse(aLog({ clients: 2, calls, standings }))
    expect(found.stopLatenciesMs).toEqual([250, 300])
    expect(found.stopLatenciesCutOffMs).toEqual([])
  })

  it('is nothing for who had stopped before, and has no end for who never does', () => {
    const standings = [
      standing(0, -50, true, true),
      standing(0, 900, true, false),
      standing(1, -50, true, true),
    ]
    expect(analyse(aLog({ clients: 2, calls, standings })).stopLatenciesMs).toEqual([
      0,
      Number.POSITIVE_INFINITY,
    ])
  })

  it('stands apart for those that were cut off or had no stream, and says what the cut off spent', () => {
    const standings = [
      ...[standing(0, -50, true, true), standing(0, 1_200, true, false)],
      ...[standing(1, -50, true, true), standing(1, 9_100, false, false)],
      ...[standing(2, -50, true, true), standing(2, 1_000, false, true), standing(2, 1_900, true, false)],
    ]
    const cutOff = { clients: new Set([1]), atMs: 500 }
    const more = [aCall(5_000, 9n, { client: 1 }), aCall(1_150, 4n)]
    const found = analyse(aLog({ clients: 3, calls: [...calls, ...more], standings, cutOff }))
    expect(found.stopLatenciesMs).toEqual([100])
    expect(found.stopLatenciesCutOffMs).toEqual([8_000, 800])
    expect(found.spentCutOff).toBe(9n)
  })
})

describe('a refusal', () => {
  const judge = (refusal: Refusal, calls: readonly Call[], refusals: readonly Refusal[] = []) =>
    isFalse(refusal, { calls, refusals: [...refusals, refusal], limit: 100n })

  it('is false while posted, the worst case in flight and the call itself fit, to the nano-dollar', () => {
    expect(judge(aRefusal(5_000, 50n), [aCall(0, 50n)])).toBe(true)
    expect(judge(aRefusal(5_000, 51n), [aCall(0, 50n)])).toBe(false)
  })

  it('is right while what is in flight may still cost too much, whatever it cost in the end', () => {
    const running = aCall(4_500, 40n)
    expect(judge(aRefusal(5_000, 20n), [running])).toBe(true)
    expect(judge(aRefusal(5_000, 21n), [running])).toBe(false)
  })

  it('is right when a call was granted or settled while its answer was on the way', () => {
    expect(judge(aRefusal(5_000, 50n), [aCall(5_003, 30n)])).toBe(false)
    expect(judge(aRefusal(5_000, 50n), [aCall(0, 30n, { postedAtMs: 5_002 })])).toBe(false)
    expect(judge(aRefusal(5_000, 50n), [aCall(5_006, 30n)])).toBe(true)
  })

  it('is right while a hold may stand of which no answer came, and no longer', () => {
    const orphan = aRefusal(4_000, 60n, { by: 'unreachable', mayBeHeldUntilMs: 5_500 })
    expect(judge(aRefusal(5_000, 50n), [], [orphan])).toBe(false)
    expect(judge(aRefusal(5_600, 50n), [], [orphan])).toBe(true)
  })

  it('is counted whoever refused, and its hold is measured with those that were granted', () => {
    const calls = [aCall(0, 10n, { holdMs: 3 })]
    const refusals = [aRefusal(5_000, 10n), aRefusal(6_000, 10n, { by: 'unreachable', holdMs: null })]
    const found = analyse(aLog({ calls, refusals }))
    expect(found.falseRefusals).toEqual(refusals)
    expect(found.holdsMs).toEqual([3, 5])
  })
})
