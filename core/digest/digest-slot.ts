/**
 * When a digest is due: one slot for each day that a rule names, at its hour in its zone.
 * Invariant: derived from the clock alone. A slot is known by its day, so that an hour that daylight saving repeats is one
 * slot, an hour that it leaves out is due right after the gap, and a day that a zone skipped has none.
 */
import { Temporal } from 'temporal-polyfill'

export type Cadence = { readonly kind: 'daily' } | { readonly kind: 'weekly'; readonly weekday: Weekday }

/** Monday is 1, as in ISO 8601. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

export interface DigestRule {
  readonly cadence: Cadence
  /** 0 to 23, on the clocks of `timeZone`. */
  readonly hour: number
  /** As core/period/time-zone.ts reads it. */
  readonly timeZone: string
}

export interface DigestSlot {
  /** As `2026-11-25`, in the zone of the rule. */
  readonly day: string
  readonly dueAt: Date
}

/** Later than this a digest is news no more, and may arrive at night: it is left out. */
export const LATE_MAX_MS = 3 * 3_600_000

export const isTooLate = (dueAt: Date, now: Date): boolean => now.getTime() - dueAt.getTime() > LATE_MAX_MS

/** The slot to send now, if any: the last one due, unless it is too late or the rule was set after it. */
export function dueSlot(
  rule: DigestRule,
  { setAt, now }: { readonly setAt: Date; readonly now: Date },
): DigestSlot | null {
  const slot = lastSlot(rule, now)
  return slot === null || slot.dueAt < setAt || isTooLate(slot.dueAt, now) ? null : slot
}

/** The first slot after an instant. */
export function nextSlot(rule: DigestRule, after: Date): DigestSlot {
  const today = dayAt(after, rule.timeZone)
  const found = slotsOn(rule, today, LOOK_DAYS).find(({ dueAt }) => dueAt > after)
  if (!found) throw new Error('a digest has a slot in every two weeks')
  return found
}

/** Two weeks hold a slot even where a zone skipped the day of one. */
const LOOK_DAYS = Array.from({ length: 17 }, (_, index) => index - 1)

const lastSlot = (rule: DigestRule, now: Date): DigestSlot | null =>
  slotsOn(
    rule,
    dayAt(now, rule.timeZone),
    LOOK_DAYS.map((days) => -days),
  ).find(({ dueAt }) => dueAt <= now) ?? null

function slotsOn(rule: DigestRule, today: Temporal.PlainDate, offsets: readonly number[]): DigestSlot[] {
  return offsets.flatMap((days) => {
    const day = today.add({ days })
    const { cadence } = rule
    if (cadence.kind === 'weekly' && day.dayOfWeek !== cadence.weekday) return []
    // Temporal moves a skipped day on to the next one, which has a slot of its own.
    if (!day.toZonedDateTime(rule.timeZone).toPlainDate().equals(day)) return []
    const { epochMilliseconds } = day.toZonedDateTime({
      timeZone: rule.timeZone,
      plainTime: new Temporal.PlainTime(rule.hour),
    })
    return [{ day: day.toString(), dueAt: new Date(epochMilliseconds) }]
  })
}

const dayAt = (at: Date, timeZone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()
