/**
 * How a budget divides time, and the form in which people write it and Postgres keeps it:
 *
 *     {"unit": "day", "time_zone": "Asia/Kolkata"}
 *     {"unit": "week", "time_zone": "Europe/Berlin", "starts_on": 1}
 *     {"unit": "month", "time_zone": "Europe/Berlin", "starts_on": 25}
 *     {"unit": "quarter", "time_zone": "America/New_York", "starts_in": 2, "starts_on": 1}
 *     {"unit": "span", "from": "2026-11-01T00:00:00Z", "until": "2026-12-24T18:00:00Z"}
 *
 * Invariant: a rule that parsed has a period for every instant (a span: for every instant inside it). The zone has to be
 * said, since a budget that resets at a midnight that nobody meant is found out too late; where a period starts is the
 * first of its days unless said otherwise.
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { parseInstant } from '../event/rfc3339.ts'
import { showName, showValue } from '../event/show-value.ts'
import { parseTimeZone } from './time-zone.ts'

/** As ISO 8601 counts them: 1 is Monday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
export type Weekday = (typeof WEEKDAYS)[number]

export const DAYS_OF_MONTH = [
  ...([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] as const),
  ...([17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31] as const),
] as const
export type DayOfMonth = (typeof DAYS_OF_MONTH)[number]

/** 1: quarters start in January, April, July and October; 2: in February, and so on; 3: in March, and so on. */
export const MONTHS_OF_QUARTER = [1, 2, 3] as const
export type MonthOfQuarter = (typeof MONTHS_OF_QUARTER)[number]

/** `startsOn` of a month or quarter is the last day of a month that is too short for it. */
export type RecurringRule =
  | { readonly kind: 'day'; readonly timeZone: string }
  | { readonly kind: 'week'; readonly timeZone: string; readonly startsOn: Weekday }
  | { readonly kind: 'month'; readonly timeZone: string; readonly startsOn: DayOfMonth }
  | {
      readonly kind: 'quarter'
      readonly timeZone: string
      readonly startsIn: MonthOfQuarter
      readonly startsOn: DayOfMonth
    }
export type SpanRule = { readonly kind: 'span'; readonly from: Date; readonly until: Date }
export type PeriodRule = RecurringRule | SpanRule

export interface BadPeriodRule {
  readonly kind: 'bad'
  /** Each a sentence that says what is wrong, in which field, and what was expected. */
  readonly problems: readonly string[]
}

export const MONTHLY_UTC = { kind: 'month', timeZone: 'UTC', startsOn: 1 } as const satisfies PeriodRule

/** A span that is longer is taken for a slip in a year. */
export const SPAN_DAYS_MAX = 3660

export function toPeriodRuleJson(rule: PeriodRule): JsonObject {
  switch (rule.kind) {
    case 'day':
      return { unit: 'day', time_zone: rule.timeZone }
    case 'week':
    case 'month':
      return { unit: rule.kind, time_zone: rule.timeZone, starts_on: rule.startsOn }
    case 'quarter': {
      const { timeZone, startsIn, startsOn } = rule
      return { unit: 'quarter', time_zone: timeZone, starts_in: startsIn, starts_on: startsOn }
    }
    case 'span':
      return { unit: 'span', from: rule.from.toISOString(), until: rule.until.toISOString() }
  }
}

export function parsePeriodRule(value: unknown): PeriodRule | BadPeriodRule {
  if (!isJsonObject(value)) {
    const way = 'it must be an object such as {"unit": "month", "time_zone": "Europe/Berlin", "starts_on": 1}'
    return { kind: 'bad', problems: [`the period is ${said(value)}; ${way}`] }
  }
  const unit = UNITS.find((known) => known === value.unit)
  if (unit === undefined) {
    return { kind: 'bad', problems: [`unit is ${said(value.unit)}; it must be one of ${UNITS.join(', ')}`] }
  }
  const known = FIELDS[unit]
  const problems = Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => `"${showName(name)}" is no field of a ${unit}; it has ${known.join(', ')}`)
  const rule = ruleOf(unit, { fields: value, problems })
  return problems.length === 0 ? rule : { kind: 'bad', problems }
}

const UNITS = ['day', 'week', 'month', 'quarter', 'span'] as const
type Unit = (typeof UNITS)[number]

const FIELDS: Readonly<Record<Unit, readonly string[]>> = {
  day: ['unit', 'time_zone'],
  week: ['unit', 'time_zone', 'starts_on'],
  month: ['unit', 'time_zone', 'starts_on'],
  quarter: ['unit', 'time_zone', 'starts_in', 'starts_on'],
  span: ['unit', 'from', 'until'],
}

interface Reading {
  readonly fields: JsonObject
  /** What was found wrong so far; once there is a problem, what was read is a placeholder. */
  readonly problems: string[]
}

function ruleOf(unit: Unit, reading: Reading): PeriodRule {
  switch (unit) {
    case 'day':
      return { kind: 'day', timeZone: timeZoneOf(reading) }
    case 'week':
      return { kind: 'week', timeZone: timeZoneOf(reading), startsOn: oneOf('starts_on', WEEKDAYS, reading) }
    case 'month': {
      const timeZone = timeZoneOf(reading)
      return { kind: 'month', timeZone, startsOn: oneOf('starts_on', DAYS_OF_MONTH, reading) }
    }
    case 'quarter': {
      const timeZone = timeZoneOf(reading)
      const startsIn = oneOf('starts_in', MONTHS_OF_QUARTER, reading)
      return { kind: 'quarter', timeZone, startsIn, startsOn: oneOf('starts_on', DAYS_OF_MONTH, reading) }
    }
    case 'span':
      return spanOf(reading)
  }
}

function spanOf(reading: Reading): SpanRule {
  const from = instantOf('from', reading)
  const until = instantOf('until', reading)
  if (from !== null && until !== null) {
    const days = (until.getTime() - from.getTime()) / DAY_MS
    if (days <= 0) reading.problems.push('until must lie after from')
    if (days > SPAN_DAYS_MAX)
      reading.problems.push(`until must lie at most ${SPAN_DAYS_MAX} days after from, some ten years`)
  }
  return { kind: 'span', from: from ?? new Date(0), until: until ?? new Date(0) }
}

const DAY_MS = 24 * 60 * 60 * 1000

function timeZoneOf({ fields: { time_zone: name }, problems }: Reading): string {
  const timeZone = typeof name === 'string' ? parseTimeZone(name) : null
  if (timeZone !== null) return timeZone
  problems.push(
    `time_zone is ${said(name)}; it must be UTC or a name of the IANA database such as Europe/Berlin`,
  )
  return 'UTC'
}

/** The first of `choices`, which are whole numbers without a gap, where nothing is said. */
function oneOf<T extends number>(
  name: string,
  choices: readonly [T, ...T[]],
  { fields, problems }: Reading,
): T {
  const [first] = choices
  const value = fields[name]
  if (value === undefined) return first
  const choice = choices.find((known) => known === value)
  if (choice === undefined)
    problems.push(`${name} is ${said(value)}; it must be a whole number from ${first} to ${choices.at(-1)}`)
  return choice ?? first
}

function instantOf(name: string, { fields, problems }: Reading): Date | null {
  const value = fields[name]
  const at = typeof value === 'string' ? parseInstant(value) : null
  if (at === null)
    problems.push(`${name} is ${said(value)}; it must be an RFC 3339 instant such as "2026-11-01T00:00:00Z"`)
  return at
}

const said = (value: unknown): string => (value === undefined ? 'missing' : showValue(value))
