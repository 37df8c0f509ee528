import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, usd, zeroUsd } from '../money.ts'
import type { Period } from '../period.ts'
import { type Forecast, type ForecastInput, forecast, HOURS_NEEDED, lookAhead } from './forecast.ts'
import { DAY_MS, HOUR_MS } from './hour-of-week.ts'
import type { HourlySpend } from './past-hours.ts'

const NOVEMBER: Period = { from: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-12-01T00:00:00Z') }
const NOW = new Date('2026-11-12T10:20:00Z')
const HOUR = new Date('2026-11-12T10:00:00Z').getTime()

/** `usdAt` of the number of whole hours before the present one, from 1 on. */
const hoursBack = (count: number, nanosAt: (ago: number) => bigint): HourlySpend[] =>
  Array.from({ length: count }, (_, index) => ({
    from: new Date(HOUR - (index + 1) * HOUR_MS),
    spent: nanoUsd(nanosAt(index + 1)),
  }))

const anInput = (facts: Partial<ForecastInput> = {}): ForecastInput => ({
  history: hoursBack(28 * 24, () => usd('1')),
  stopped: [],
  period: NOVEMBER,
  spent: usd('274'),
  limit: usd('500'),
  now: NOW,
  timeZone: 'UTC',
  ...facts,
})

/** Any past: a habit of day and night, noise, gaps, and hours far out of line. */
const aPast: fc.Arbitrary<HourlySpend[]> = fc
  .record({
    days: fc.integer({ min: 0, max: 45 }),
    values: fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: usd('3') }) },
        { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: usd('300') }) },
        { weight: 2, arbitrary: fc.constant(0n) },
      ),
      { minLength: 1, maxLength: 80 },
    ),
  })
  .map(({ days, values }) => hoursBack(days * 24, (ago) => values[ago % values.length] ?? 0n))

const anyInput: fc.Arbitrary<ForecastInput> = fc
  .record({
    history: aPast,
    spent: fc.bigInt({ min: 0n, max: usd('900') }).map(nanoUsd),
    limit: fc.bigInt({ min: 1n, max: usd('3000') }).map(nanoUsd),
    intoHourMs: fc.integer({ min: 0, max: HOUR_MS - 1 }),
    untilMs: fc.integer({ min: 1, max: 40 * DAY_MS }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
  })
  .map(({ history, spent, limit, intoHourMs, untilMs, timeZone }) => {
    const now = new Date(HOUR + intoHourMs)
    const period = { from: NOVEMBER.from, until: new Date(now.getTime() + untilMs) }
    return { history, stopped: [], spent, limit, now, period, timeZone }
  })

/** For comparing: when the limit is reached, by what is said. */
function reachedMs(said: Forecast, now: Date): number {
  if (said.kind === 'reached') return now.getTime()
  return said.kind === 'reaches' ? said.at.getTime() : Number.POSITIVE_INFINITY
}

describe('the forecast of a budget', () => {
  it('names the hour at which even spend comes to the limit', () => {
    const said = forecast(anInput())
    if (said.kind !== 'reaches') throw new Error(said.kind)
    const exact = NOW.getTime() + 226 * HOUR_MS
    expect(Math.abs(said.at.getTime() - exact)).toBeLessThan(1000)
    // 18 days and 13 h 40 min are left at a dollar an hour.
    expect(Number(said.expectedAtEnd) / 1e9).toBeCloseTo(274 + 445 + 2 / 3, 5)
  })

  it('says an instant after now and before the end of the period, and a range around it', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const said = forecast(input)
        if (said.kind !== 'reaches') return
        const atMs = said.at.getTime()
        expect(atMs).toBeGreaterThan(input.now.getTime())
        expect(atMs).toBeLessThan(input.period.until.getTime())
        expect(said.earliestAt.getTime()).toBeGreaterThan(input.now.getTime())
        expect(said.earliestAt.getTime()).toBeLessThanOrEqual(atMs)
        if (said.latestAt !== null) expect(said.latestAt.getTime()).toBeGreaterThanOrEqual(atMs)
        expect(said.expectedAtEnd >= input.limit).toBe(true)
      }),
    )
  })

  it('is drawn as the course that its instants lie on', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { forecast: said, course } = lookAhead(input)
        const [first, last] = [course[0], course.at(-1)]
        if (said.kind === 'reached' || said.kind === 'too_early') {
          expect(course).toEqual([])
          return
        }
        expect(course.length).toBeLessThanOrEqual(66)
        expect(first).toMatchObject({ expected: input.spent, low: input.spent, high: input.spent })
        expect(last?.at).toEqual(input.period.until)
        for (const [index, { low, expected, high, at }] of course.entries()) {
          expect(low <= expected && expected <= high).toBe(true)
          const before = course[index - 1]
          if (before) expect(before.at < at && before.expected <= expected).toBe(true)
        }
        if (said.kind === 'holds') {
          expect(last?.expected).toBe(said.expectedAtEnd)
          return
        }
        // Below the limit before it is reached, and not below it after.
        for (const { at, expected } of course) {
          if (at.getTime() < said.at.getTime() - 1) expect(expected <= input.limit).toBe(true)
          if (at > said.at) expect(expected >= input.limit - 1n).toBe(true)
        }
      }),
    )
  })

  it('never reaches a limit by spending nothing', () => {
    fc.assert(
      fc.property(anyInput, fc.boolean(), (input, isListed) => {
        const history = isListed ? input.history.map(({ from }) => ({ from, spent: zeroUsd })) : []
        const said = forecast({ ...input, history, spent: zeroUsd })
        expect(said.kind).toBe('too_early')
      }),
    )
    const ended = hoursBack(40 * 24, (ago) => (ago > 20 * 24 ? usd('5') : 0n))
    expect(forecast(anInput({ history: ended }))).toEqual({
      kind: 'holds',
      mayReachAt: null,
      expectedAtEnd: usd('274'),
    })
  })

  it('is the same when all money is k times as much', () => {
    fc.assert(
      fc.property(anyInput, fc.bigInt({ min: 1n, max: 1_000_000n }), (input, k) => {
        const times = (amount: bigint) => nanoUsd(amount * k)
        const once = forecast(input)
        const scaled = forecast({
          ...input,
          history: input.history.map(({ from, spent }) => ({ from, spent: times(spent) })),
          spent: times(input.spent),
          limit: times(input.limit),
        })
        expect({ ...scaled, expectedAtEnd: 0n }).toEqual({ ...once, expectedAtEnd: 0n })
      }),
    )
  })

  it('is the same in whatever order hours come, whole or in parts', () => {
    const shuffled = anyInput.chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.shuffledSubarray([...input.history], { minLength: input.history.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([input, other]) => {
        const parts = other.flatMap(({ from, spent }) => [
          { from, spent: nanoUsd(spent / 3n) },
          { from, spent: nanoUsd(spent - spent / 3n) },
        ])
        expect(forecast({ ...input, history: other })).toEqual(forecast(input))
        expect(forecast({ ...input, history: parts })).toEqual(forecast(input))
      }),
    )
  })

  it('is never later when more is spent already, when the limit is lower, or when every hour spent more', () => {
    const some = fc.bigInt({ min: 0n, max: usd('500') })
    fc.assert(
      fc.property(anyInput, some, fc.bigInt({ min: 1n, max: 50n }), (input, more, k) => {
        const ms = reachedMs(forecast(input), input.now)
        const spentMore = forecast({ ...input, spent: nanoUsd(input.spent + more) })
        const lower = forecast({ ...input, limit: nanoUsd(input.limit > more ? input.limit - more : 1n) })
        const dearer = input.history.map(({ from, spent }) => ({ from, spent: nanoUsd(spent * k) }))
        if (forecast(input).kind === 'too_early') return
        expect(reachedMs(spentMore, input.now)).toBeLessThanOrEqual(ms)
        expect(reachedMs(lower, input.now)).toBeLessThanOrEqual(ms)
        expect(reachedMs(forecast({ ...input, history: dearer }), input.now)).toBeLessThanOrEqual(ms)
      }),
    )
  })

  it('says that it is reached at the limit, and how much it must know before it says anything', () => {
    expect(forecast(anInput({ spent: usd('500'), history: [] }))).toEqual({ kind: 'reached' })
    const young = hoursBack(HOURS_NEEDED - 1, () => usd('1'))
    expect(forecast(anInput({ history: young }))).toEqual({
      kind: 'too_early',
      hoursKnown: HOURS_NEEDED - 1,
      hoursNeeded: HOURS_NEEDED,
    })
    expect(forecast(anInput({ history: hoursBack(HOURS_NEEDED, () => usd('1')) })).kind).toBe('reaches')
  })

  it('learns nothing from the hours in which a stop kept calls away', () => {
    const stopped = [{ from: new Date(HOUR - 10 * DAY_MS), until: new Date(HOUR) }]
    const history = hoursBack(28 * 24, (ago) => (ago <= 240 ? 0n : usd('1')))
    expect(forecast(anInput({ history })).kind).toBe('holds')
    const said = forecast(anInput({ history, stopped }))
    if (said.kind !== 'reaches') throw new Error(said.kind)
    expect(Math.abs(said.at.getTime() - NOW.getTime() - 226 * HOUR_MS)).toBeLessThan(1000)
  })

  it('expects a quiet weekend where weekends were quiet, by the clock of the time zone', () => {
    // Working days in Kolkata alone: Monday 00:00 there is Sunday 18:30 in UTC.
    const isWorkday = (ms: number) => (Math.floor((ms + 5.5 * HOUR_MS) / DAY_MS) + 3) % 7 < 5
    const history = hoursBack(35 * 24, (ago) => (isWorkday(HOUR - ago * HOUR_MS) ? usd('1') : 0n))
    const now = new Date('2026-11-12T10:00:00Z')
    // 31.5 working hours are left of the week in Kolkata; with 72 the limit comes in the next one.
    const said = forecast(
      anInput({ history, now, spent: zeroUsd, limit: usd('72'), timeZone: 'Asia/Kolkata' }),
    )
    if (said.kind !== 'reaches') throw new Error(said.kind)
    const expected = new Date('2026-11-17T09:00:00Z').getTime()
    expect(Math.abs(said.at.getTime() - expected) / HOUR_MS).toBeLessThan(4)
  })

  it('expects Monday’s batch again where everything is spent on Mondays', () => {
    const isMonday = (ms: number) => new Date(ms).getUTCDay() === 1
    const history = hoursBack(35 * 24, (ago) => (isMonday(HOUR - ago * HOUR_MS) ? usd('1') : 0n))
    // The Mondays 16, 23 and 30 November are to come; 40 is passed in the second of them.
    const said = forecast(anInput({ history, spent: zeroUsd, limit: usd('40') }))
    if (said.kind !== 'reaches') throw new Error(said.kind)
    expect(said.at.toISOString().slice(0, 10)).toBe('2026-11-23')
    expect(Math.abs(Number(said.expectedAtEnd) / 1e9 - 72)).toBeLessThan(8)
  })

  it('is not carried away by an incident that is over', () => {
    const calm = forecast(anInput())
    const incident = hoursBack(28 * 24, (ago) => (ago >= 8 && ago < 20 ? usd('40') : usd('1')))
    const after = forecast(anInput({ history: incident }))
    if (calm.kind !== 'reaches' || after.kind !== 'reaches') throw new Error(after.kind)
    expect(Math.abs(after.at.getTime() - calm.at.getTime()) / HOUR_MS).toBeLessThan(0.12 * 226)
  })

  it('expects a runaway that goes on to go on for some hours', () => {
    const running = hoursBack(28 * 24, (ago) => (ago <= 3 ? usd('60') : usd('1')))
    const said = forecast(anInput({ history: running }))
    if (said.kind !== 'reaches') throw new Error(said.kind)
    expect(said.at.getTime() - NOW.getTime()).toBeLessThan(8 * HOUR_MS)
  })

  it('refuses a time zone that is none', () => {
    expect(() => forecast(anInput({ timeZone: 'Mars/Base' }))).toThrow(/Mars\/Base/)
  })
})
