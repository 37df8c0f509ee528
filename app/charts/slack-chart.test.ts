import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cartesianChart, pieChart } from './slack-chart.ts'

const aName = fc.string({ unit: 'binary', maxLength: 40 })
const aValue = fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 }))

describe("Slack's own chart", () => {
  it('keeps every limit of the block, or there is none', () => {
    const given = fc.record({
      kind: fc.constantFrom('bar' as const, 'line' as const, 'area' as const),
      title: fc.string({ maxLength: 120 }),
      categories: fc.array(aName, { maxLength: 24 }),
      series: fc.array(fc.record({ name: aName, values: fc.array(fc.option(aValue), { maxLength: 24 }) }), {
        maxLength: 8,
      }),
    })
    fc.assert(
      fc.property(given, (one) => {
        const block = cartesianChart(one)
        if (block === null || block.chart.type === 'pie') return
        expect(block.title.length).toBeLessThanOrEqual(50)
        const { series, axis_config } = block.chart
        expect(series.length).toBeLessThanOrEqual(6)
        expect(new Set(axis_config.categories).size).toBe(axis_config.categories.length)
        for (const { name, data } of series) {
          expect(name.length).toBeLessThanOrEqual(20)
          expect(data.map(({ label }) => label)).toEqual(axis_config.categories)
          for (const { label, value } of data)
            expect([label.length <= 20, Number.isFinite(value)]).toEqual([true, true])
        }
      }),
    )
  })

  it('draws no pie of parts that are not above zero, and no gap as a zero', () => {
    expect(
      pieChart('Spend', [
        { name: 'a', value: 1 },
        { name: 'b', value: 0 },
      ]),
    ).toBeNull()
    expect(pieChart('Spend', [{ name: 'a', value: 1 }])?.chart.type).toBe('pie')
    const series = [{ name: 'p50', values: [1, null] }]
    expect(cartesianChart({ kind: 'line', title: 'Latency', categories: ['Mon', 'Tue'], series })).toBeNull()
  })

  it('is none where two names would be cut to the same', () => {
    const parts = ['sonnet', 'haiku'].map((model) => ({
      name: `us.anthropic.claude-${model}-v1:0/profile`,
      value: 1,
    }))
    expect(pieChart('Spend', parts)).toBeNull()
  })
})
