import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import {
  anInstant,
  anInstantIn,
  aQuestion,
  aRuleIn,
  aSpan,
  aZone,
} from '../../test/period/arbitrary-rules.ts'
import { luxonPeriodOf, offsetMs } from '../../test/period/luxon-periods.ts'
import { monthOf, type Period, periodHolds } from '../period.ts'
import { nextPeriod, periodOf, previousPeriod } from './period-of.ts'
import { MONTHLY_UTC, type RecurringRule } from './period-rule.ts'

const HOUR_MS = 3_600_000
const hoursOf = ({ from, until }: Period): number => (until.getTime() - from.getTime()) / HOUR_MS
const dayIn = (timeZone: string): RecurringRule => ({ kind: 'day', timeZone })
const edges = ({ from, until }: Period): string[] => [from.toISOString(), until.toISOString()]

describe('periods, as laws', () => {
  it('hold the instant they were asked for', () => {
    fc.assert(
      fc.property(aQuestion, ({ rule, at }) => {
        expect(periodHolds(periodOf(rule, at), at)).toBe(true)
      }),
    )
  })

  it('tile time: each begins where the one before it ends, forwards as backwards', () => {
    fc.assert(
      fc.property(aQuestion, ({ rule, at }) => {
        const period = periodOf(rule, at)
        const next = nextPeriod(rule, period)
        const previous = previousPeriod(rule, period)
        expect(next.from).toEqual(period.until)
        expect(previous.until).toEqual(period.from)
        expect(previousPeriod(rule, next)).toEqual(period)
        expect(nextPeriod(rule, previous)).toEqual(period)
      }),
      { numRuns: 200 },
    )
  })

  it('are the same whichever of their instants is asked for', () => {
    const withShare = fc.tuple(aQuestion, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
    fc.assert(
      fc.property(withShare, ([{ rule, at }, share]) => {
        const period = periodOf(rule, at)
        const lengthMs = period.until.getTime() - period.from.getTime()
        const inside = new Date(period.from.getTime() + Math.floor(lengthMs * share))
        expect(periodOf({ ...rule }, inside)).toEqual(period)
        expect(periodOf(rule, period.from)).toEqual(period)
        expect(periodOf(rule, new Date(period.until.getTime() - 1))).toEqual(period)
      }),
    )
  })

  it('are luxon’s, in whatever order they are asked for', () => {
    const questions = aZone.chain((zone) =>
      fc.record({ rule: aRuleIn(zone), ats: fc.array(anInstantIn(zone), { minLength: 1, maxLength: 12 }) }),
    )
    fc.assert(
      fc.property(questions, ({ rule, ats }) => {
        const expected = ats.map((at) => luxonPeriodOf(rule, at))
        expect(ats.map((at) => periodOf(rule, at))).toEqual(expected)
        expect(ats.map((at) => periodOf(rule, at))).toEqual(expected)
      }),
    )
  })

  it('begin where luxon’s own startOf says, wherever its midnight comes once', () => {
    const units = fc.constantFrom<RecurringRule['kind']>('day', 'week', 'month', 'quarter')
    const questions = aZone.chain((zone) =>
      fc.record({ zone: fc.constant(zone), at: anInstantIn(zone), unit: units }),
    )
    fc.assert(
      fc.property(questions, ({ zone, at, unit }) => {
        const start = DateTime.fromJSDate(at, { zone }).startOf(unit)
        fc.pre(start.hour === 0 && start.minute === 0 && start.getPossibleOffsets().length === 1)
        const { from } = periodOf(fromTheFirst(unit, zone), start.toJSDate())
        expect(from.toISOString()).toBe(start.toUTC().toISO())
      }),
      { numRuns: 200 },
    )
  })

  it('last a day of 24 hours, and what the clocks were moved by meanwhile', () => {
    const questions = aZone.chain((zone) => fc.record({ zone: fc.constant(zone), at: anInstantIn(zone) }))
    fc.assert(
      fc.property(questions, ({ zone, at }) => {
        const day = periodOf(dayIn(zone), at)
        const startsAtMidnight = [day.from, day.until].every(
          (edge) => (edge.getTime() + offsetMs(zone, edge.getTime())) % (24 * HOUR_MS) === 0,
        )
        fc.pre(startsAtMidnight)
        const [from, until] = [day.from.getTime(), day.until.getTime()]
        const movedMs = offsetMs(zone, until) - offsetMs(zone, from)
        // A zone that changed the side of the date line skipped or repeated a whole day: it is in neither.
        expect((until - from + movedMs) % (24 * HOUR_MS)).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it('are the months that budgets had before, where the rule is a month in UTC', () => {
    fc.assert(
      fc.property(anInstant, (at) => {
        expect(periodOf(MONTHLY_UTC, at)).toEqual(monthOf(at))
      }),
    )
  })

  it('have no instant outside a span, and one period inside', () => {
    fc.assert(
      fc.property(aSpan, anInstant, (span, at) => {
        const { from, until } = span
        const period = { from, until }
        expect(periodOf(span, at)).toEqual(periodHolds(period, at) ? period : null)
        expect(periodOf(span, from)).toEqual(period)
        expect(periodOf(span, new Date(until.getTime() - 1))).toEqual(period)
        expect(periodOf(span, until)).toBeNull()
        expect([previousPeriod(span, period), nextPeriod(span, period)]).toEqual([null, null])
      }),
    )
  })
})

const fromTheFirst = (unit: RecurringRule['kind'], timeZone: string): RecurringRule => {
  switch (unit) {
    case 'day':
      return { kind: 'day', timeZone }
    case 'week':
    case 'month':
      return { kind: unit, timeZone, startsOn: 1 }
    case 'quarter':
      return { kind: 'quarter', timeZone, startsIn: 1, startsOn: 1 }
  }
}

describe('a day', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T12:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', 25],
    ['America/New_York', '2026-03-08T12:00:00Z', 23],
    ['America/New_York', '2026-11-01T12:00:00Z', 25],
    ['Australia/Lord_Howe', '2026-10-03T20:00:00Z', 23.5],
    ['Australia/Lord_Howe', '2026-04-04T20:00:00Z', 24.5],
    ['Asia/Kolkata', '2026-03-29T12:00:00Z', 24],
    ['UTC', '2026-03-29T12:00:00Z', 24],
  ])('in %s at %s has %f hours', (zone, at, hours) => {
    expect(hoursOf(periodOf(dayIn(zone), new Date(at)))).toBe(hours)
  })

  it('begins after the gap where midnight is left out', () => {
    const beirut = periodOf(dayIn('Asia/Beirut'), new Date('2026-03-29T12:00:00Z'))
    expect(edges(beirut)).toEqual(['2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z'])
    const saoPaulo = periodOf(dayIn('America/Sao_Paulo'), new Date('2018-11-04T12:00:00Z'))
    expect(edges(saoPaulo)).toEqual(['2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'])
  })

  it('begins at the first of two midnights', () => {
    const havana = periodOf(dayIn('America/Havana'), new Date('2026-11-01T12:00:00Z'))
    expect(edges(havana)).toEqual(['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'])
  })

  it('has begun for good at the first midnight, though the clock shows the evening before again', () => {
    // St. John's moved its clocks at 00:01 on the 29th back to 23:01 on the 28th.
    const eveningAgain = periodOf(dayIn('America/St_Johns'), new Date('2006-10-29T03:00:00Z'))
    expect(edges(eveningAgain)).toEqual(['2006-10-29T02:30:00.000Z', '2006-10-30T03:30:00.000Z'])
    expect(periodOf(dayIn('America/St_Johns'), new Date('2006-10-29T12:00:00Z'))).toEqual(eveningAgain)
  })

  it('that a zone skipped is no period', () => {
    // Samoa went from the 29th to the 31st of December 2011.
    const last = periodOf(dayIn('Pacific/Apia'), new Date('2011-12-30T09:59:59.999Z'))
    expect(edges(last)).toEqual(['2011-12-29T10:00:00.000Z', '2011-12-30T10:00:00.000Z'])
    expect(edges(nextPeriod(dayIn('Pacific/Apia'), last))).toEqual([
      '2011-12-30T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
    ])
  })
})

describe('a month', () => {
  const startsIn = (rule: RecurringRule, year: number): string[] => {
    const starts: string[] = []
    let period = periodOf(rule, new Date(Date.UTC(year, 0, 31, 12)))
    while (period.from.getUTCFullYear() === year) {
      starts.push(period.from.toISOString().slice(5, 10))
      period = nextPeriod(rule, period)
    }
    return starts
  }

  it('that starts on the 31st starts on the last day of shorter months, and on the 31st again after them', () => {
    expect(startsIn({ kind: 'month', timeZone: 'UTC', startsOn: 31 }, 2026)).toEqual([
      ...['01-31', '02-28', '03-31', '04-30', '05-31', '06-30'],
      ...['07-31', '08-31', '09-30', '10-31', '11-30', '12-31'],
    ])
  })

  it('knows leap years', () => {
    const rule: RecurringRule = { kind: 'month', timeZone: 'UTC', startsOn: 30 }
    expect([2023, 2024, 2100].map((year) => startsIn(rule, year)[1])).toEqual(['02-28', '02-29', '02-28'])
    const february = periodOf(MONTHLY_UTC, new Date('2028-02-29T23:59:59.999Z'))
    expect(edges(february)).toEqual(['2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'])
  })

  it('changes at the team’s midnight, an hour later in UTC once summer time is over', () => {
    const berlin: RecurringRule = { kind: 'month', timeZone: 'Europe/Berlin', startsOn: 25 }
    expect(edges(periodOf(berlin, new Date('2026-11-01T00:00:00Z')))).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-11-24T23:00:00.000Z',
    ])
  })
})

describe('a week and a quarter', () => {
  it('start on the weekday that was asked for', () => {
    const sundays: RecurringRule = { kind: 'week', timeZone: 'America/New_York', startsOn: 7 }
    expect(edges(periodOf(sundays, new Date('2026-11-05T00:00:00Z')))).toEqual([
      '2026-11-01T04:00:00.000Z',
      '2026-11-08T05:00:00.000Z',
    ])
  })

  it('start in the month and on the day that were asked for', () => {
    const quarter: RecurringRule = { kind: 'quarter', timeZone: 'UTC', startsIn: 2, startsOn: 31 }
    const ofNewYear = periodOf(quarter, new Date('2027-01-01T00:00:00Z'))
    expect(edges(ofNewYear)).toEqual(['2026-11-30T00:00:00.000Z', '2027-02-28T00:00:00.000Z'])
    expect(edges(nextPeriod(quarter, ofNewYear))[1]).toBe('2027-05-31T00:00:00.000Z')
  })
})

describe('an instant that is none', () => {
  it('has no period', () => {
    expect(() => periodOf(MONTHLY_UTC, new Date(Number.NaN))).toThrow(RangeError)
  })
})
