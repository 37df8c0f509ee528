/** Budgets: early, far, stopped, adjusted, without a forecast. */
import { type BudgetChart, budgetChart } from '../../app/charts/budget-chart.ts'
import type { Chart } from '../../app/charts/chart.ts'
import { usd, zeroUsd } from '../../core/money.ts'
import { after, cents, from, numbersFrom } from './seeded.ts'

export const november = { from, until: after(30), timeZone: 'UTC' }

/** Up to `day`, then a course that goes on at the same pace with growing doubt. */
function budget(given: {
  day: number
  perDay: number
  limit: number
  name?: string
  adjustedOn?: number
  forecasts?: boolean
  overrides?: BudgetChart['overrides']
}): Chart {
  const { day, perDay, limit, name = 'Search team', adjustedOn, forecasts = true, overrides = [] } = given
  const next = numbersFrom(11)
  let total = 0
  const spent = Array.from({ length: day * 4 }, (_, index) => {
    total += (perDay / 4) * (0.4 + next() * 1.2)
    if (index === (adjustedOn ?? -1) * 4) total -= perDay * 4
    return { at: after((index + 1) / 4), total: cents(total) }
  })
  const course = Array.from({ length: (30 - day) * 2 + 1 }, (_, index) => {
    const more = (index / 2) * perDay
    const [expected, low, high] = [total + more, total + more * 0.75, total + more * 1.3]
    return { at: after(day + index / 2), expected: cents(expected), low: cents(low), high: cents(high) }
  })
  const daysLeft = (limit - total) / perDay
  const reachesAt = daysLeft > 0 && daysLeft < 30 - day ? after(day + daysLeft) : null
  return budgetChart({
    ...{
      name,
      period: november,
      now: after(day),
      limit: cents(limit),
      thresholds: [50, 80, 100],
      spent,
      estimated: zeroUsd,
      overrides,
    },
    forecast: forecasts ? { course, reachesAt } : null,
  })
}

export const budgets: readonly (readonly [string, string, Chart])[] = [
  ['reaches', 'Reaches its limit before the end', budget({ day: 14, perDay: 42, limit: 900 })],
  ['holds', 'Ends below its limit', budget({ day: 18, perDay: 20, limit: 900 })],
  [
    'override',
    'Past its limit under an override',
    budget({
      day: 22,
      perDay: 45,
      limit: 900,
      overrides: [{ from: after(19), until: after(23), ceiling: usd('1100') }],
    }),
  ],
  ['adjusted', 'An adjustment took spend back', budget({ day: 16, perDay: 40, limit: 1000, adjustedOn: 9 })],
  ['far', 'A forecast of many times the limit', budget({ day: 4, perDay: 400, limit: 2000 })],
  ['early', 'The first hours, no forecast yet', budget({ day: 1, perDay: 12, limit: 500, forecasts: false })],
  ['huge', 'Millions', budget({ day: 12, perDay: 400_000, limit: 12_000_000 })],
  [
    'none',
    'Nothing spent',
    budgetChart({
      name: '客服 🤖',
      period: november,
      now: after(3),
      limit: usd('500'),
      thresholds: [50, 80],
      spent: [],
      estimated: zeroUsd,
      forecast: null,
      overrides: [],
    }),
  ],
]
