/** Why a card of a period can do nothing any more, for whoever pressed on it. */
import { periodOf } from '../../core/period/period-of.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'

/** Null while the period that begins at `from` is the running one, or that of a span which is to come. */
export function periodIsOver({ budget }: StoredBudget, from: Date, now: Date): string | null {
  const { periodRule: rule } = budget
  const running = periodOf(rule, now)
  if (running?.from.getTime() === from.getTime()) return null
  if (rule.kind === 'span') return now < rule.from ? null : 'This card is of a budget whose time is over.'
  const was = periodOf(rule, from)
  const is = running === null || was === null ? '' : ` Use the card of ${nameOfPeriod(rule, running)}.`
  return `This card is of ${was === null ? 'a period' : nameOfPeriod(rule, was)}, which is over.${is}`
}
