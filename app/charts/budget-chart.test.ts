import { expect, it } from 'vitest'
import { usd, zeroUsd } from '../../core/money.ts'
import { budgetChart } from './budget-chart.ts'

const now = new Date('2026-11-12T12:00:00Z')
const chart = {
  name: 'Search',
  period: {
    from: new Date('2026-11-01T00:00:00Z'),
    until: new Date('2026-12-01T00:00:00Z'),
    timeZone: 'UTC',
  },
  now,
  limit: usd('20'),
  thresholds: [50, 100],
  spent: [{ at: now, total: usd('9') }],
  estimated: zeroUsd,
  forecast: null,
  overrides: [],
}

it('says of a budget what is spent of it, and does not call spent what is estimated', () => {
  expect(budgetChart(chart).finding).toBe('$9.00 of $20.00 is spent (45%)')
  expect(budgetChart({ ...chart, estimated: usd('2') }).finding).toBe(
    '$9.00 of $20.00 is spent or estimated (45%)',
  )
})
