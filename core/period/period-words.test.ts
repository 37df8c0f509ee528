import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aQuestion } from '../../test/period/arbitrary-rules.ts'
import { nextPeriod, periodOf } from './period-of.ts'
import { type PeriodRule, parsePeriodRule } from './period-rule.ts'
import { nameOfInstant, nameOfPeriod } from './period-words.ts'

const rule = (json: Readonly<Record<string, unknown>>): PeriodRule => {
  const parsed = parsePeriodRule(json)
  if (parsed.kind === 'bad') throw new Error(parsed.problems.join('; '))
  return parsed
}

const nameAt = (json: Readonly<Record<string, unknown>>, at: string): string | null => {
  const period = periodOf(rule(json), new Date(at))
  return period && nameOfPeriod(rule(json), period)
}

const berlin = { time_zone: 'Europe/Berlin' }

describe('the name of a period', () => {
  it.each([
    [{ unit: 'day', ...berlin }, '2026-11-23T23:00:00Z', 'Tue 24 Nov 2026'],
    [{ unit: 'week', ...berlin }, '2026-11-25T12:00:00Z', 'week of 23 Nov 2026'],
    [{ unit: 'month', ...berlin }, '2026-11-30T22:59:59Z', 'November 2026'],
    [{ unit: 'month', ...berlin }, '2026-11-30T23:00:00Z', 'December 2026'],
    [{ unit: 'month', ...berlin, starts_on: 25 }, '2026-11-24T12:00:00Z', '25 Oct to 24 Nov 2026'],
    [{ unit: 'month', ...berlin, starts_on: 25 }, '2026-12-25T12:00:00Z', '25 Dec 2026 to 24 Jan 2027'],
    [{ unit: 'month', ...berlin, starts_on: 31 }, '2026-02-01T12:00:00Z', '31 Jan to 27 Feb 2026'],
    [{ unit: 'quarter', ...berlin }, '2026-11-24T12:00:00Z', 'Q4 2026'],
    [{ unit: 'quarter', ...berlin, starts_in: 2 }, '2026-12-24T12:00:00Z', '1 Nov 2026 to 31 Jan 2027'],
    [{ unit: 'quarter', ...berlin, starts_on: 15 }, '2026-11-24T12:00:00Z', '15 Oct 2026 to 14 Jan 2027'],
    [
      { unit: 'span', from: '2026-11-01T00:00:00Z', until: '2026-11-15T00:00:00Z' },
      '2026-11-10T00:00:00Z',
      '1 Nov to 14 Nov 2026',
    ],
    [
      { unit: 'span', from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z' },
      '2026-11-01T00:00:00Z',
      'Sun 1 Nov 2026',
    ],
    [
      { unit: 'span', from: '2026-11-01T09:30:00Z', until: '2026-12-24T18:00:00Z' },
      '2026-12-01T00:00:00Z',
      'Sun 1 Nov 2026, 09:30 UTC to Thu 24 Dec 2026, 18:00 UTC',
    ],
  ])('by %j at %s is %s', (json, at, name) => {
    expect(nameAt(json, at)).toBe(name)
  })

  it('includes the last day where midnight is left out at its end or beginning', () => {
    const beirut = { unit: 'month', time_zone: 'Asia/Beirut', starts_on: 29 }
    expect(nameAt(beirut, '2026-03-28T21:59:59Z')).toBe('28 Feb to 28 Mar 2026')
    expect(nameAt(beirut, '2026-03-28T22:00:00Z')).toBe('29 Mar to 28 Apr 2026')
  })

  it('says what it was, where the budget’s rule has been changed since', () => {
    const months = rule({ unit: 'month', time_zone: 'UTC' })
    const october = periodOf(months, new Date('2026-10-12T00:00:00Z'))
    if (october === null) throw new Error('every instant has a month')
    expect(nameOfPeriod(rule({ unit: 'week', time_zone: 'UTC' }), october)).toBe('1 Oct to 31 Oct 2026')
    expect(nameOfPeriod(rule({ unit: 'week', ...berlin }), october)).toBe(
      'Thu 1 Oct 2026, 02:00 CEST to Sun 1 Nov 2026, 01:00 CET',
    )
  })

  it('is another for the next period', () => {
    fc.assert(
      fc.property(aQuestion, ({ rule, at }) => {
        const period = periodOf(rule, at)
        expect(nameOfPeriod(rule, nextPeriod(rule, period))).not.toBe(nameOfPeriod(rule, period))
      }),
    )
  })
})

describe('the name of an instant', () => {
  it.each([
    ['Europe/Berlin', '2026-11-30T23:00:00Z', 'Tue 1 Dec 2026, 00:00 CET'],
    ['Europe/Berlin', '2026-07-09T08:05:59Z', 'Thu 9 Jul 2026, 10:05 CEST'],
    ['America/New_York', '2026-11-01T05:30:00Z', 'Sun 1 Nov 2026, 01:30 EDT'],
    ['America/New_York', '2026-11-01T06:30:00Z', 'Sun 1 Nov 2026, 01:30 EST'],
    ['Europe/London', '2026-12-01T00:00:00Z', 'Tue 1 Dec 2026, 00:00 GMT'],
    ['Asia/Kolkata', '2026-11-30T18:30:00Z', 'Tue 1 Dec 2026, 00:00 UTC+5:30'],
    ['America/Sao_Paulo', '2026-12-01T03:00:00Z', 'Tue 1 Dec 2026, 00:00 UTC-3'],
    ['UTC', '2026-09-01T00:00:00Z', 'Tue 1 Sep 2026, 00:00 UTC'],
  ])('in %s at %s is %s', (timeZone, at, name) => {
    expect(nameOfInstant({ kind: 'day', timeZone }, new Date(at))).toBe(name)
  })

  it('is told in UTC for a span', () => {
    const span = rule({ unit: 'span', from: '2026-11-01T00:00:00+01:00', until: '2026-12-01T00:00:00Z' })
    expect(nameOfInstant(span, new Date('2026-12-01T00:00:00Z'))).toBe('Tue 1 Dec 2026, 00:00 UTC')
  })
})
