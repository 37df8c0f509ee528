/** What the past says of the hours to come: a level, its growth, the shape of a week, and what is unusual just now. */
import { dayLevels } from './day-levels.ts'
import { HOUR_MS } from './hour-of-week.ts'
import type { Past } from './past-hours.ts'
import { recentLevel } from './recent-level.ts'
import { type WeekShape, weekShape } from './week-shape.ts'
import { weeklyGrowth } from './weekly-growth.ts'

export interface Demand {
  readonly shape: WeekShape
  /** Spent per hour of weight 1 at `sinceMs`, as a share of the unit. */
  readonly level: number
  readonly sinceMs: number
  /** The logarithm of a week over the week before. */
  readonly weeklyGrowth: number
  /** What the last hours spent above the level, per hour; 0 when that is nothing unusual. */
  readonly excess: number
}

const LAST_HOURS = 3
/** Less than this many times what was expected is an ordinary busy hour. */
const UNUSUAL_RATIO = 2

export function demandOf(past: Past): Demand {
  const shape = weekShape(past)
  const days = dayLevels(past, shape)
  const recent = recentLevel(days)
  const growth = weeklyGrowth(days)
  const level = recent.level * Math.exp((growth * recent.daysAgo) / 7)
  const excess = excessOf(past, shape, level)
  return { shape, level, sinceMs: past.endMs, weeklyGrowth: growth, excess }
}

function excessOf({ hours, endMs }: Past, shape: WeekShape, level: number): number {
  const last = hours.slice(-LAST_HOURS).filter(({ atMs }) => endMs - atMs <= LAST_HOURS * HOUR_MS)
  const spent = last.reduce((sum, hour) => sum + hour.spent, 0)
  const expected = last.reduce((sum, { hourOfWeek }) => sum + level * (shape[hourOfWeek] ?? 1), 0)
  return spent <= expected * UNUSUAL_RATIO ? 0 : (spent - expected) / last.length
}
