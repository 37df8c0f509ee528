import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nanoUsd, zeroUsd } from '../../core/money.ts'
import { type BudgetChart, budgetChart } from './budget-chart.ts'
import { budgetPlot } from './budget-plot.ts'

const period = {
  from: new Date('2026-11-01T00:00:00Z'),
  until: new Date('2026-12-01T00:00:00Z'),
  timeZone: 'UTC',
}
const ROOM = { left: 12, right: 500, top: 60, bottom: 340 }
const TEXT_HEIGHT = 12

const charts: fc.Arbitrary<BudgetChart> = fc
  .record({
    limit: fc.bigInt({ min: 1n, max: 10n ** 6n }),
    spent: fc.bigInt({ min: 0n, max: 10n ** 7n }),
    ceiling: fc.option(fc.bigInt({ min: 1n, max: 10n ** 7n })),
    thresholds: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 6 }),
    day: fc.integer({ min: 0, max: 29 }),
  })
  .map(({ limit, spent, ceiling, thresholds, day }) => {
    const now = new Date(period.from.getTime() + (day + 0.5) * 86_400_000)
    const usd = (cents: bigint) => nanoUsd(cents * 10_000_000n)
    return {
      ...{ name: 'search', period, now, limit: usd(limit), thresholds, forecast: null },
      spent: [{ at: now, total: usd(spent) }],
      estimated: zeroUsd,
      overrides:
        ceiling === null
          ? []
          : [{ from: now, until: new Date(now.getTime() + 900_000), ceiling: usd(ceiling) }],
    }
  })

it('names of thresholds touch neither each other nor the line of the limit, wherever they lie', () => {
  fc.assert(
    fc.property(charts, (chart) => {
      const shapes = budgetPlot(chart, ROOM)
      const ys = shapes
        .flatMap((shape) => (shape.kind === 'text' && /^\d+%$/.test(shape.text) ? [shape.y] : []))
        .sort((a, b) => a - b)
      for (const [index, y] of ys.entries()) {
        const next = ys[index + 1]
        if (next !== undefined) expect(next - y).toBeGreaterThanOrEqual(TEXT_HEIGHT)
      }
      const limit = shapes.flatMap((shape) =>
        shape.kind === 'line' && shape.widthPx === 2 && !shape.dash ? [shape.points[0]?.y ?? 0] : [],
      )
      for (const y of ys)
        for (const line of limit) expect(Math.abs(y - line)).toBeGreaterThan(TEXT_HEIGHT / 2)
      expect(budgetChart(chart).altText).not.toBe('')
    }),
  )
})
