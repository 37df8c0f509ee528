/** How long the crossings of a budget-period are quiet: never past its end. */
import { Temporal } from 'temporal-polyfill'
import type { Budget, BudgetPeriod } from './budget.ts'

export const QUIET_CHOICES = ['1h', '4h', 'tomorrow'] as const
export type QuietChoice = (typeof QUIET_CHOICES)[number]

const MORNING = { hour: 9 } as const

export function quietUntil(
  choice: QuietChoice,
  { periodRule: rule }: Pick<Budget, 'periodRule'>,
  { period }: Pick<BudgetPeriod, 'period'>,
  now: Date,
): Date {
  const ends =
    choice === 'tomorrow'
      ? tomorrowMorning(rule.kind === 'span' ? 'UTC' : rule.timeZone, now)
      : hoursOn(choice, now)
  return new Date(Math.min(ends.getTime(), period.until.getTime()))
}

const hoursOn = (choice: '1h' | '4h', now: Date): Date =>
  new Date(now.getTime() + (choice === '1h' ? 1 : 4) * 3_600_000)

function tomorrowMorning(timeZone: string, now: Date): Date {
  const day = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()
  const at = day.add({ days: 1 }).toZonedDateTime({ timeZone, plainTime: MORNING })
  return new Date(at.epochMilliseconds)
}
