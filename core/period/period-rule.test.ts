import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aQuestion, aSpan } from '../../test/period/arbitrary-rules.ts'
import { MONTHLY_UTC, parsePeriodRule, toPeriodRuleJson } from './period-rule.ts'

const problemsOf = (value: unknown): readonly string[] => {
  const parsed = parsePeriodRule(value)
  return parsed.kind === 'bad' ? parsed.problems : []
}

describe('the rule of a period', () => {
  it('is the same after a way through JSON', () => {
    const aRule = fc.oneof(
      aQuestion.map(({ rule }) => rule),
      aSpan,
    )
    fc.assert(
      fc.property(aRule, (rule) => {
        expect(parsePeriodRule(JSON.parse(JSON.stringify(toPeriodRuleJson(rule))))).toEqual(rule)
      }),
    )
  })

  it('starts on the first day where nothing is said', () => {
    expect(parsePeriodRule({ unit: 'month', time_zone: 'UTC' })).toEqual(MONTHLY_UTC)
    expect(parsePeriodRule({ unit: 'week', time_zone: 'UTC' })).toMatchObject({ startsOn: 1 })
    expect(parsePeriodRule({ unit: 'quarter', time_zone: 'UTC' })).toMatchObject({ startsIn: 1, startsOn: 1 })
  })

  it('names a zone as the database does, and keeps an old name', () => {
    const zoneOf = (name: string) => parsePeriodRule({ unit: 'day', time_zone: name })
    expect(zoneOf('europe/berlin')).toEqual({ kind: 'day', timeZone: 'Europe/Berlin' })
    expect(zoneOf('america/port-au-prince')).toEqual({ kind: 'day', timeZone: 'America/Port-au-Prince' })
    expect(zoneOf('Asia/Calcutta')).toEqual({ kind: 'day', timeZone: 'Asia/Calcutta' })
    expect(zoneOf('utc')).toEqual({ kind: 'day', timeZone: 'UTC' })
  })

  it.each([
    'Mars/Base',
    'Europe/Berlin ',
    '+02:00',
    'EST',
    'IST',
    '',
    'Z',
    'Europe/Berlin\u0000',
    `A/${'b'.repeat(99)}`,
  ])('knows no zone %j', (name) => {
    const [problem, ...others] = problemsOf({ unit: 'day', time_zone: name })
    expect(problem).toMatch(
      /^time_zone is ".*"; it must be UTC or a name of the IANA database such as Europe\/Berlin$/,
    )
    expect(others).toEqual([])
  })

  it('is refused with all that is wrong, where, and the way out', () => {
    expect(problemsOf({ unit: 'month', starts_on: 32, starts_in: 1, reset: 'x' })).toEqual([
      '"starts_in" is no field of a month; it has unit, time_zone, starts_on',
      '"reset" is no field of a month; it has unit, time_zone, starts_on',
      'time_zone is missing; it must be UTC or a name of the IANA database such as Europe/Berlin',
      'starts_on is 32; it must be a whole number from 1 to 31',
    ])
    expect(problemsOf({ unit: 'quarter', time_zone: 'UTC', starts_in: '2', starts_on: 1.5 })).toEqual([
      'starts_in is "2"; it must be a whole number from 1 to 3',
      'starts_on is 1.5; it must be a whole number from 1 to 31',
    ])
    expect(problemsOf({ unit: 'day', time_zone: 'UTC', starts_on: 1 })).toEqual([
      '"starts_on" is no field of a day; it has unit, time_zone',
    ])
    expect(problemsOf({ unit: 'fortnight' })).toEqual([
      'unit is "fortnight"; it must be one of day, week, month, quarter, span',
    ])
    expect(problemsOf({ unit: 'span', from: '2026-11-31T00:00:00Z' })).toEqual([
      'from is "2026-11-31T00:00:00Z"; it must be an RFC 3339 instant such as "2026-11-01T00:00:00Z"',
      'until is missing; it must be an RFC 3339 instant such as "2026-11-01T00:00:00Z"',
    ])
  })

  it.each([null, undefined, 'month', [], 1])('is never read from %j', (value) => {
    expect(problemsOf(value)).toHaveLength(1)
  })

  it('is no span that ends before it begins, or lasts longer than any plan', () => {
    const span = (from: string, until: string) => problemsOf({ unit: 'span', from, until })
    expect(span('2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z')).toEqual(['until must lie after from'])
    expect(span('2026-11-01T00:00:00Z', '2062-11-01T00:00:00Z')).toEqual([
      'until must lie at most 3660 days after from, some ten years',
    ])
    expect(span('2026-11-01T00:00:00+01:00', '2026-11-01T00:00:00Z')).toEqual([])
  })

  it('never comes from anything as a rule that cannot be asked', () => {
    const almost = fc.record(
      {
        unit: fc.constantFrom('day', 'week', 'month', 'quarter', 'span'),
        time_zone: fc.oneof(fc.constantFrom('UTC', 'Asia/Tokyo'), fc.string()),
        starts_on: fc.oneof(fc.integer({ min: -1, max: 32 }), fc.anything()),
        starts_in: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.anything()),
      },
      { requiredKeys: ['unit'] },
    )
    fc.assert(
      fc.property(fc.oneof(almost, fc.anything()), (value) => {
        const parsed = parsePeriodRule(value)
        if (parsed.kind === 'bad') expect(parsed.problems.length).toBeGreaterThan(0)
        else expect(parsePeriodRule(toPeriodRuleJson(parsed))).toEqual(parsed)
      }),
    )
  })
})
