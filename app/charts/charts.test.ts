import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'
import { budgetChart } from './budget-chart.ts'
import type { Chart } from './chart.ts'
import { comparisonChart } from './comparison-chart.ts'
import { driversChart } from './drivers-chart.ts'
import { errorChart } from './error-chart.ts'
import { latencyChart } from './latency-chart.ts'
import { renderSvg } from './render.ts'
import { sparklineChart } from './sparkline-chart.ts'
import { spendChart } from './spend-chart.ts'
import { spendOverTimeOf } from './spend-series.ts'

const DAY_MS = 86_400_000
const from = new Date('2026-10-20T00:00:00Z')
const after = (days: number): Date => new Date(from.getTime() + days * DAY_MS)

/** From nano-dollars to millions, taken back too. */
const anAmount: fc.Arbitrary<NanoUsd> = fc
  .oneof(
    fc.constant(0n),
    fc.bigInt({ min: -5_000n, max: 5_000n }),
    fc.bigInt({ min: -(10n ** 13n), max: 10n ** 17n }),
  )
  .map(nanoUsd)
const aName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('gpt-4o', '客服 🤖', '<&"', '\u0000\ud800', '', 'x'.repeat(300)),
  // Names that every object of JavaScript has.
  fc.constantFrom('valueOf', 'constructor', '__proto__', 'toString', 'datum'),
)
const aZone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Sao_Paulo')
const aLength = fc.constantFrom(1, 2, 7, 30, 60)

const aSpendChart = fc
  .record({
    days: aLength,
    timeZone: aZone,
    bucket: fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const),
    points: fc.array(fc.record({ value: fc.option(aName), at: fc.nat(60 * 24), cost: anAmount }), {
      maxLength: 40,
    }),
  })
  .map(({ days, timeZone, bucket, points }) => {
    const placed = points.map(({ at, ...point }) => ({ ...point, isOther: false, at: after(at / 24) }))
    const range = { from, until: after(bucket === 'hour' ? Math.min(days, 7) : days), bucket, timeZone }
    return spendChart({ data: spendOverTimeOf(placed, range), when: 'then', by: 'model' })
  })

const aBudgetChart = fc
  .record({
    name: aName,
    limit: anAmount,
    day: fc.integer({ min: 0, max: 30 }),
    spent: fc.array(anAmount, { maxLength: 12 }),
    expected: fc.array(fc.tuple(anAmount, anAmount, anAmount), { maxLength: 6 }),
    ceiling: fc.option(anAmount),
    timeZone: aZone,
  })
  .map(({ name, limit, day, spent, expected, ceiling, timeZone }) =>
    budgetChart({
      ...{ name, limit, thresholds: [50, 80, 100, 120], now: after(day) },
      period: { from, until: after(30), timeZone },
      spent: spent.map((total, index) => ({ at: after((index * day) / 12), total })),
      estimated: zeroUsd,
      forecast: {
        course: expected.map(([one, low, high], index) => ({
          at: after(day + index),
          expected: one,
          low,
          high,
        })),
        reachesAt: expected.length > 2 ? after(day + 1) : null,
      },
      overrides: ceiling === null ? [] : [{ from: after(1), until: after(2), ceiling }],
    }),
  )

const aCount = fc.oneof(fc.constant(0), fc.nat(10_000_000))
const aLatencyChart = fc
  .array(
    fc.record({
      calls: aCount,
      latency: fc.option(fc.record({ p50Ms: fc.nat(10_000), p95Ms: fc.nat(9_000_000) })),
    }),
    { maxLength: 40 },
  )
  .map((buckets) =>
    latencyChart({
      span: { from, until: after(40), timeZone: 'Europe/Berlin' },
      buckets: buckets.map((bucket, index) => ({ ...bucket, at: after(index) })),
      overall: buckets.find(({ latency }) => latency !== null)?.latency ?? null,
      when: 'then',
    }),
  )

const anErrorChart = fc
  .record({
    calls: fc.array(aCount, { maxLength: 20 }),
    statuses: fc.array(fc.record({ status: aName, counts: fc.array(aCount, { maxLength: 20 }) }), {
      maxLength: 9,
    }),
  })
  .map(({ calls, statuses }) =>
    errorChart({
      span: { from, until: after(20), timeZone: 'UTC' },
      buckets: calls.map((count, index) => ({ at: after(index), calls: count })),
      ...{ statuses, when: 'then' },
    }),
  )

const aLine = fc.record({ name: fc.option(aName), now: anAmount, before: anAmount })
const aComparison = fc
  .array(aLine, { maxLength: 20 })
  .map((lines) => comparisonChart({ lines, by: 'model', nowWords: 'this week', beforeWords: 'last week' }))
const someDrivers = fc
  .array(aLine, { maxLength: 20 })
  .map((lines) =>
    driversChart({ lines: lines.map(({ name, now }) => ({ name, cost: now })), by: 'user', when: 'then' }),
  )
const aSparkline = fc
  .record({
    name: aName,
    figure: aName,
    note: aName,
    values: fc.array(fc.option(fc.double({ min: -1e15, max: 1e15 })), { maxLength: 50 }),
  })
  .map(sparklineChart)

const KINDS: readonly (readonly [string, fc.Arbitrary<Chart>])[] = [
  ['spend over time', aSpendChart],
  ['a budget', aBudgetChart],
  ['latency', aLatencyChart],
  ['errors', anErrorChart],
  ['two periods', aComparison],
  ['drivers', someDrivers],
  ['a small one', aSparkline],
]

describe.each(KINDS)('a chart of %s', (_, aChart) => {
  it('draws only numbers, whatever the data, and the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(aChart, async (chart) => {
        const svg = await renderSvg(chart.spec)
        expect(svg).not.toMatch(/="[^"]*(?:NaN|undefined|Infinity)/)
        expect(await renderSvg(chart.spec)).toBe(svg)
        expect(JSON.stringify(chart.spec)).not.toMatch(/"(?:x|x2|y|y2)":null/)
      }),
      { numRuns: 5 },
    )
  })

  it('says its finding first, in no more than Slack takes', () => {
    fc.assert(
      fc.property(aChart, ({ finding, altText }) => {
        expect(finding).not.toBe('')
        expect(altText.startsWith(finding.slice(0, 900))).toBe(true)
        expect(altText.length).toBeLessThanOrEqual(1000)
        expect(altText).not.toMatch(/NaN|undefined/)
      }),
      { numRuns: 15 },
    )
  })

  it('stays within its picture at the left and the right', () => {
    fc.assert(
      fc.property(aChart, ({ spec }) => {
        const places = [...JSON.stringify(spec).matchAll(/"x2?":(-?[\d.e+-]+)/g)].map(([, x]) => Number(x))
        for (const x of places) expect(x).toBeGreaterThanOrEqual(-0.01)
        for (const x of places) expect(x).toBeLessThanOrEqual(480.01)
      }),
      { numRuns: 15 },
    )
  })
})
