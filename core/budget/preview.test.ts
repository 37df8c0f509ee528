import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type NanoUsd, nanoUsd, usd, zeroUsd } from '../money.ts'
import { MONTHLY_UTC } from '../period/period-rule.ts'
import { DEFAULT_LADDER, type Ladder, type Rung } from './ladder.ts'
import { courseOf, periodBefore, type SpendBucket, stopsOf } from './preview.ts'

const GRAIN_MS = 60_000
const START_MS = Date.UTC(2026, 9, 1)
const at = (minutes: number) => new Date(START_MS + minutes * GRAIN_MS)
const bucket = (minute: number, cost: string, environment = 'production'): SpendBucket => ({
  ...{ at: at(minute), environment, cost: usd(cost) },
})
const stopAt = (percent: number, environments: readonly string[] | null = null): Rung => ({
  ...{ percent, action: { kind: 'stop', environments } },
})
const course = (limit: string, ladder: Ladder, buckets: readonly SpendBucket[]) =>
  courseOf({ limit: usd(limit), ladder }, '', buckets, GRAIN_MS)

describe('a period that is walked again', () => {
  it('trips at the end of the bucket that reached the stop, and spends nothing more', () => {
    const walked = course('10', DEFAULT_LADDER, [bucket(0, '4'), bucket(5, '7'), bucket(6, '20')])
    expect(walked.trips).toMatchObject([{ at: at(6), spent: usd('11') }])
    expect(walked.spent).toBe(usd('11'))
  })

  it('spares the stop of all what the stop of some environments saves', () => {
    const ladder = [stopAt(50, ['dev']), stopAt(100)]
    const buckets = [bucket(0, '6', 'dev'), bucket(1, '9', 'dev'), bucket(1, '2'), bucket(2, '1')]
    const walked = course('10', ladder, buckets)
    expect(stopsOf(walked)).toMatchObject([{ rung: ladder[0], at: at(1) }])
    expect(walked.spent).toBe(usd('9'))
  })

  it('shows when the other rungs are reached, and calls nothing of theirs a stop', () => {
    const downgrade: Rung = { percent: 60, action: { kind: 'downgrade', from: 'gpt-4o', to: 'gpt-4o-mini' } }
    const walked = course('10', [downgrade, stopAt(100)], [bucket(0, '7')])
    expect(walked.trips).toMatchObject([{ rung: downgrade, at: at(1) }])
    expect(stopsOf(walked)).toEqual([])
  })

  it('that stays below the limit trips nothing; a budget without a stop never does', () => {
    expect(course('10', DEFAULT_LADDER, [bucket(0, '9.999999999')]).trips).toEqual([])
    expect(course('10', [], [bucket(0, '99')])).toMatchObject({ trips: [], spent: usd('99') })
  })

  const buckets = fc
    .array(
      fc.tuple(fc.nat({ max: 3 }), fc.constantFrom('dev', 'production'), fc.bigInt({ min: 0n, max: 100n })),
    )
    .map((all) => {
      let minute = 0
      return all.map(([gap, environment, cost]): SpendBucket => {
        minute += gap
        return { at: at(minute), environment, cost: nanoUsd(cost) }
      })
    })
  const ladders = fc.constantFrom<Ladder>(
    DEFAULT_LADDER,
    [stopAt(50, ['dev']), stopAt(100)],
    [stopAt(80), stopAt(120)],
  )
  const total = (all: readonly SpendBucket[]): NanoUsd =>
    nanoUsd(all.reduce<bigint>((sum, { cost }) => sum + cost, zeroUsd))

  it('spends no more than was spent, and past its stop no more than the bucket that reached it', () => {
    fc.assert(
      fc.property(buckets, ladders, fc.bigInt({ min: 1n, max: 2_000n }), (all, ladder, limit) => {
        const walked = courseOf({ limit: nanoUsd(limit), ladder }, '', all, GRAIN_MS)
        expect(walked.spent <= total(all)).toBe(true)
        const stop = stopsOf(walked).find(({ rung }) => rung.percent >= 80)
        if (stop === undefined) return
        const reaching = all.filter(({ at: from }) => from.getTime() + GRAIN_MS === stop.at.getTime())
        expect((walked.spent - total(reaching)) * 100n < limit * BigInt(stop.rung.percent)).toBe(true)
      }),
    )
  })

  it('trips no earlier under a higher limit', () => {
    fc.assert(
      fc.property(buckets, fc.bigInt({ min: 1n, max: 500n }), fc.nat({ max: 500 }), (all, limit, more) => {
        const tripped = (of: bigint): number => {
          const { trips } = courseOf({ limit: nanoUsd(of), ladder: DEFAULT_LADDER }, '', all, GRAIN_MS)
          return trips[0]?.at.getTime() ?? Number.POSITIVE_INFINITY
        }
        expect(tripped(limit + BigInt(more))).toBeGreaterThanOrEqual(tripped(limit))
      }),
    )
  })
})

describe('the period that a preview looks at', () => {
  const now = new Date('2026-11-10T12:00:00Z')

  it('is the last that is over, and for a span as much time before it, or before now', () => {
    const october = { from: new Date('2026-10-01T00:00:00Z'), until: new Date('2026-11-01T00:00:00Z') }
    expect(periodBefore(MONTHLY_UTC, now)).toEqual(october)
    const days = (from: string, until: string) =>
      ({ kind: 'span', from: new Date(from), until: new Date(until) }) as const
    expect(periodBefore(days('2026-12-01T00:00:00Z', '2026-12-08T00:00:00Z'), now)).toEqual({
      from: new Date('2026-11-03T12:00:00Z'),
      until: now,
    })
    expect(periodBefore(days('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'), now)).toEqual({
      from: new Date('2026-10-02T00:00:00Z'),
      until: new Date('2026-11-01T00:00:00Z'),
    })
  })
})
