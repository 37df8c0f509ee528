import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nextPeriod, periodOf } from './period-of.ts'
import type { RecurringRule } from './period-rule.ts'
import { samePartBefore } from './same-part.ts'

const rules = fc.constantFrom<RecurringRule>(
  { kind: 'day', timeZone: 'Europe/Berlin' },
  { kind: 'week', timeZone: 'America/New_York', startsOn: 1 },
  { kind: 'month', timeZone: 'Europe/Berlin', startsOn: 31 },
  { kind: 'month', timeZone: 'UTC', startsOn: 1 },
  { kind: 'quarter', timeZone: 'Asia/Kolkata', startsIn: 2, startsOn: 15 },
)
const instants = fc.date({
  min: new Date('2024-01-01T00:00:00Z'),
  max: new Date('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
})

it('is as much of the period before as has passed of this one, or all of a shorter one', () => {
  fc.assert(
    fc.property(rules, instants, (rule, now) => {
      const period = periodOf(rule, now)
      const part = samePartBefore(rule, period, now)
      if (part === null) {
        expect(now).toEqual(period.from)
        return
      }
      const before = periodOf(rule, part.from)
      expect(nextPeriod(rule, before)).toEqual(period)
      expect(part.from).toEqual(before.from)
      const [passedMs, partMs] = [
        now.getTime() - period.from.getTime(),
        part.until.getTime() - part.from.getTime(),
      ]
      expect(part.until <= before.until).toBe(true)
      expect(partMs === passedMs || part.until.getTime() === before.until.getTime()).toBe(true)
      expect(partMs).toBeLessThanOrEqual(passedMs)
    }),
    { examples: [[{ kind: 'month', timeZone: 'UTC', startsOn: 1 }, new Date('2024-01-01T00:00:00Z')]] },
  )
})

it('is none for a span, and none before the beginning', () => {
  const span = { kind: 'span', from: new Date('2026-11-01'), until: new Date('2026-11-09') } as const
  expect(samePartBefore(span, span, new Date('2026-11-05'))).toBeNull()
  const rule = { kind: 'day', timeZone: 'UTC' } as const
  const day = periodOf(rule, new Date('2026-11-05T00:00:00Z'))
  expect(samePartBefore(rule, day, new Date('2026-11-04T23:00:00Z'))).toBeNull()
})
