import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { type DigestRule, dueSlot, LATE_MAX_MS, nextSlot } from './digest-slot.ts'

const zones = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata'],
  ...['America/Nuuk', 'Africa/Cairo', 'Pacific/Apia', 'Asia/Beirut', 'Atlantic/Azores'],
]
const weekday = fc.constantFrom(
  1 as const,
  2 as const,
  3 as const,
  4 as const,
  5 as const,
  6 as const,
  7 as const,
)
const rule: fc.Arbitrary<DigestRule> = fc.record({
  cadence: fc.oneof(
    fc.constant({ kind: 'daily' as const }),
    weekday.map((one) => ({ kind: 'weekly' as const, weekday: one })),
  ),
  hour: fc.integer({ min: 0, max: 23 }),
  timeZone: fc.constantFrom(...zones),
})
const instant = fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2030, 0, 1) }).map((ms) => new Date(ms))
const LONG_AGO = new Date(0)
const HOUR_MS = 3_600_000

const slotsFrom = (given: DigestRule, from: Date, count: number) => {
  const slots = [nextSlot(given, from)]
  while (slots.length < count) slots.push(nextSlot(given, slots.at(-1)?.dueAt ?? from))
  return slots
}

describe('the slots of a digest', () => {
  it('are one a day or a week, in order, each at its hour or right after the gap that swallowed it', () => {
    fc.assert(
      fc.property(rule, instant, (given, from) => {
        const slots = slotsFrom(given, from, 12)
        expect(new Set(slots.map(({ day }) => day)).size).toBe(12)
        for (const { day, dueAt } of slots) {
          const local = Temporal.Instant.fromEpochMilliseconds(dueAt.getTime()).toZonedDateTimeISO(
            given.timeZone,
          )
          const wanted = Temporal.PlainDate.from(day).toPlainDateTime(new Temporal.PlainTime(given.hour))
          const lateMs = wanted.until(local.toPlainDateTime()).total('milliseconds')
          expect(lateMs).toBeGreaterThanOrEqual(0)
          expect(lateMs).toBeLessThanOrEqual(HOUR_MS)
        }
      }),
    )
  })

  it('are each sent once, whatever the order of the clocks that ask and however late the first', () => {
    const asks = fc.array(fc.integer({ min: 0, max: 4 * 24 * 60 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(rule, instant, asks, (given, from, minutes) => {
        const seen = new Map<string, number>()
        for (const minute of minutes) {
          const now = new Date(from.getTime() + minute * 60_000)
          const slot = dueSlot(given, { setAt: LONG_AGO, now })
          if (slot === null) continue
          expect(slot.dueAt.getTime()).toBeLessThanOrEqual(now.getTime())
          expect(now.getTime() - slot.dueAt.getTime()).toBeLessThanOrEqual(LATE_MAX_MS)
          expect(seen.get(slot.day) ?? slot.dueAt.getTime()).toBe(slot.dueAt.getTime())
          seen.set(slot.day, slot.dueAt.getTime())
        }
      }),
    )
  })

  it('are missed by nobody who looks within three hours, and sent by nobody later', () => {
    fc.assert(
      fc.property(rule, instant, fc.integer({ min: 0, max: LATE_MAX_MS }), (given, from, lateMs) => {
        const slot = nextSlot(given, from)
        const at = (ms: number) => new Date(slot.dueAt.getTime() + ms)
        expect(dueSlot(given, { setAt: LONG_AGO, now: at(lateMs) })).toEqual(slot)
        expect(dueSlot(given, { setAt: LONG_AGO, now: at(-1) })?.day).not.toBe(slot.day)
        expect(dueSlot(given, { setAt: LONG_AGO, now: at(LATE_MAX_MS + 1) })?.day).not.toBe(slot.day)
      }),
    )
  })

  it('before the rule was set are not sent after it', () => {
    const given: DigestRule = { cadence: { kind: 'daily' }, hour: 9, timeZone: 'UTC' }
    const now = new Date('2026-11-25T10:00:00Z')
    expect(dueSlot(given, { setAt: new Date('2026-11-25T09:30:00Z'), now })).toBeNull()
    expect(dueSlot(given, { setAt: new Date('2026-11-25T08:30:00Z'), now })?.day).toBe('2026-11-25')
  })

  it('include an hour that is skipped and one that is repeated once, and no day that a zone skipped', () => {
    const at = (hour: number, timeZone: string, from: string) =>
      nextSlot({ cadence: { kind: 'daily' }, hour, timeZone }, new Date(from)).dueAt.toISOString()
    expect(at(2, 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z')
    expect(at(2, 'Europe/Berlin', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:00:00.000Z')
    expect(at(2, 'Europe/Berlin', '2026-10-25T00:00:00Z')).toBe('2026-10-26T01:00:00.000Z')
    const apia: DigestRule = { cadence: { kind: 'daily' }, hour: 9, timeZone: 'Pacific/Apia' }
    expect(slotsFrom(apia, new Date('2011-12-29T00:00:00Z'), 3).map(({ day }) => day)).toEqual([
      '2011-12-29',
      '2011-12-31',
      '2012-01-01',
    ])
  })
})
