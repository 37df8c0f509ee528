/** Rules and instants for property tests: real zones, and instants of which half lie near a change of their clocks. */
import fc from 'fast-check'
import {
  DAYS_OF_MONTH,
  MONTHS_OF_QUARTER,
  type RecurringRule,
  type SpanRule,
  WEEKDAYS,
} from '../../core/period/period-rule.ts'
import { clockChangesMs } from './luxon-periods.ts'

/** Each has something of its own: half an hour, a midnight left out or repeated, a day skipped, Ramadan, no change. */
export const ODD_ZONES = [
  ...['UTC', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Sao_Paulo', 'America/Havana'],
  ...['America/St_Johns', 'America/Santiago', 'America/Asuncion', 'Asia/Kolkata', 'Asia/Kathmandu'],
  ...['Asia/Beirut', 'Asia/Amman', 'Asia/Tehran', 'Asia/Gaza', 'Africa/Casablanca', 'Africa/Cairo'],
  ...['Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Kiritimati', 'Pacific/Kwajalein', 'Pacific/Chatham'],
  ...['Atlantic/Azores', 'Antarctica/Troll', 'Asia/Pyongyang', 'America/Caracas'],
] as const

export const aZone: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<string>(...ODD_ZONES) },
  { weight: 1, arbitrary: fc.constantFrom(...Intl.supportedValuesOf('timeZone')) },
)

export const aRuleIn = (timeZone: string): fc.Arbitrary<RecurringRule> =>
  fc.oneof(
    fc.record({ kind: fc.constant('day' as const), timeZone: fc.constant(timeZone) }),
    fc.record({
      kind: fc.constant('week' as const),
      timeZone: fc.constant(timeZone),
      startsOn: fc.constantFrom(...WEEKDAYS),
    }),
    fc.record({
      kind: fc.constant('month' as const),
      timeZone: fc.constant(timeZone),
      startsOn: fc.constantFrom(...DAYS_OF_MONTH),
    }),
    fc.record({
      kind: fc.constant('quarter' as const),
      timeZone: fc.constant(timeZone),
      startsIn: fc.constantFrom(...MONTHS_OF_QUARTER),
      startsOn: fc.constantFrom(...DAYS_OF_MONTH),
    }),
  )

export const anInstant: fc.Arbitrary<Date> = fc.date({
  min: new Date('1971-01-01T00:00:00Z'),
  max: new Date('2087-01-01T00:00:00Z'),
  noInvalidDate: true,
})

const AROUND_MS = 30 * 60 * 60 * 1000

/** Within 30 hours of a change of the zone's clocks; anywhere in the year where they are never changed. */
const nearClockChange = (zone: string): fc.Arbitrary<Date> =>
  fc
    .record({
      year: fc.integer({ min: 1971, max: 2037 }),
      which: fc.nat(),
      byMs: fc.oneof(
        fc.integer({ min: -AROUND_MS, max: AROUND_MS }),
        fc.integer({ min: -120, max: 120 }).map((minutes) => minutes * 60_000),
        fc.constantFrom(-1, 0, 1),
      ),
    })
    .map(({ year, which, byMs }) => {
      const changes = clockChangesMs(zone, year)
      return new Date((changes[which % changes.length] ?? Date.UTC(year, which % 12)) + byMs)
    })

export const anInstantIn = (zone: string): fc.Arbitrary<Date> => fc.oneof(anInstant, nearClockChange(zone))

/** A rule and an instant at which to ask it. */
export const aQuestion: fc.Arbitrary<{ rule: RecurringRule; at: Date }> = aZone.chain((zone) =>
  fc.record({ rule: aRuleIn(zone), at: anInstantIn(zone) }),
)

export const aSpan: fc.Arbitrary<SpanRule> = fc
  .record({ from: anInstant, lengthMs: fc.integer({ min: 1, max: 3660 * 24 * 60 * 60 * 1000 }) })
  .map(({ from, lengthMs }) => ({ kind: 'span', from, until: new Date(from.getTime() + lengthMs) }))
