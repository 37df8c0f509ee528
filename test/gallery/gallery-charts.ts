/** The charts of the gallery with made-up, seeded data: as they are on most days, and at the edges of what data can be. */
import { type BudgetChart, budgetChart } from '../../app/charts/budget-chart.ts'
import type { Chart } from '../../app/charts/chart.ts'
import { comparisonChart } from '../../app/charts/comparison-chart.ts'
import { driversChart } from '../../app/charts/drivers-chart.ts'
import { errorChart } from '../../app/charts/error-chart.ts'
import { latencyChart } from '../../app/charts/latency-chart.ts'
import { sparklineChart } from '../../app/charts/sparkline-chart.ts'
import { spendChart } from '../../app/charts/spend-chart.ts'
import { spendOverTimeOf } from '../../app/charts/spend-series.ts'
import { type NanoUsd, nanoUsd, usd } from '../../core/money.ts'

export interface GalleryEntry {
  /** Of the file, and unique. */
  readonly name: string
  readonly group: string
  readonly what: string
  readonly chart: Chart
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const from = new Date('2026-11-01T00:00:00Z')
const after = (days: number): Date => new Date(from.getTime() + days * DAY_MS)

/** Mulberry32: the same numbers on every machine. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const cents = (amount: number): NanoUsd => nanoUsd(BigInt(Math.round(amount * 100)) * 10_000_000n)

const MODELS = [
  'gpt-4o',
  'claude-sonnet-4-5',
  'gpt-4.1-mini',
  'gemini-2.5-flash',
  'o4-mini',
  'claude-haiku-4-5',
  'mistral-large-latest',
]

interface Spending {
  readonly days: number
  readonly names: readonly (string | null)[]
  readonly times: number
  readonly bucket?: 'hour' | 'day' | 'week'
  readonly timeZone?: string
  readonly keep?: (day: number) => boolean
}

function spending({ days, names, times, bucket = 'day', timeZone = 'UTC', keep = () => true }: Spending) {
  const next = numbersFrom(7)
  const stepMs = bucket === 'hour' ? HOUR_MS : DAY_MS
  const count = (days * DAY_MS) / stepMs
  const points = Array.from({ length: count }, (_, index) =>
    names.map((value, order) => {
      const at = new Date(from.getTime() + index * stepMs)
      const weekend = at.getUTCDay() % 6 === 0 ? 0.35 : 1
      const cost = nanoUsd(BigInt(Math.round((times * weekend * (0.6 + next() * 0.8) * 1e9) / (order + 1))))
      return { at, value, isOther: false, cost }
    }),
  )
  const kept = points.filter((_, index) => keep(index)).flat()
  return spendOverTimeOf(kept, { from, until: after(days), bucket, timeZone })
}

const spend = (
  name: string,
  what: string,
  given: Spending,
  by = 'model',
  when = 'in the last 30 days',
): GalleryEntry => ({
  ...{ name: `spend-${name}`, group: 'Spend over time', what },
  chart: spendChart({ data: spending(given), by, when }),
})

const SPEND: readonly GalleryEntry[] = [
  spend('month', 'Thirty days by model, the seventh model in other', { days: 30, names: MODELS, times: 40 }),
  spend(
    'hours',
    'A day by hour',
    { days: 1, names: MODELS.slice(0, 4), times: 2, bucket: 'hour', timeZone: 'UTC' },
    'model',
    'today',
  ),
  spend(
    'week',
    'A week by route',
    { days: 7, names: ['/chat', '/search', '/summarise'], times: 8 },
    'route',
    'in the last 7 days',
  ),
  spend(
    'twenty',
    'Twenty series',
    { days: 14, names: Array.from({ length: 20 }, (_, index) => `team-${index + 1}`), times: 20 },
    'route',
    'in the last 14 days',
  ),
  spend(
    'long-names',
    'Long names, cut in the middle',
    {
      days: 7,
      names: [
        'us.anthropic.claude-sonnet-4-5-20250929-v1:0/inference-profile',
        'us.anthropic.claude-haiku-4-5-20251001-v1:0/inference-profile',
        'accounts/fireworks/models/llama-v3p1-405b-instruct',
      ],
      times: 9,
    },
    'model',
    'in the last 7 days',
  ),
  spend(
    'letters',
    'Names in letters that the typeface has, and has not',
    { days: 7, names: ['поддержка', 'Ελληνικά', '客服机器人', '翻訳 bot', '🤖 helper', 'ＧＰＴ'], times: 9 },
    'route',
    'in the last 7 days',
  ),
  spend(
    'huge',
    'Millions',
    { days: 7, names: MODELS.slice(0, 3), times: 900_000 },
    'model',
    'in the last 7 days',
  ),
  spend(
    'tiny',
    'Millionths',
    { days: 7, names: MODELS.slice(0, 2), times: 0.0000004 },
    'model',
    'in the last 7 days',
  ),
  spend(
    'one-day',
    'Spend on one day alone',
    { days: 7, names: ['gpt-4o'], times: 3, keep: (day) => day === 4 },
    'model',
    'in the last 7 days',
  ),
  spend('gaps', 'Days without spend', {
    days: 30,
    names: MODELS.slice(0, 3),
    times: 12,
    keep: (day) => day % 5 < 2,
  }),
  spend(
    '400-days',
    'Four hundred days',
    { days: 400, names: MODELS.slice(0, 4), times: 30 },
    'model',
    'in 400 days',
  ),
  spend('empty', 'Nothing', { days: 7, names: [], times: 1 }, 'model', 'in the last 7 days'),
]

const november = { from, until: after(30), timeZone: 'UTC' }

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
      overrides,
    },
    forecast: forecasts ? { course, reachesAt } : null,
  })
}

const budgets: readonly (readonly [string, string, Chart])[] = [
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
      forecast: null,
      overrides: [],
    }),
  ],
]

function latency(
  name: string,
  what: string,
  given: { days: number; bucketHours: number; times: number; keep?: (index: number) => boolean },
): GalleryEntry {
  const { days, bucketHours, times, keep = () => true } = given
  const next = numbersFrom(3)
  const count = (days * 24) / bucketHours
  const buckets = Array.from({ length: count }, (_, index) => {
    const p50Ms = Math.round(times * (600 + next() * 250))
    const busy = Math.round((1 + Math.sin((index * bucketHours * Math.PI) / 12 - 2)) * 180 + next() * 60)
    const p95Ms = Math.round(p50Ms * (2.4 + next() + (index === Math.floor(count * 0.7) ? 4 : 0)))
    return {
      at: after((index * bucketHours) / 24),
      calls: keep(index) ? busy : 0,
      latency: keep(index) ? { p50Ms, p95Ms } : null,
    }
  })
  const overall = buckets.some((one) => one.latency !== null)
    ? { p50Ms: Math.round(700 * times), p95Ms: Math.round(2100 * times) }
    : null
  const when = days === 1 ? 'today' : `in the last ${days} days`
  const chart = latencyChart({
    span: { from, until: after(days), timeZone: 'Europe/Berlin' },
    buckets,
    overall,
    when,
  })
  return { name: `latency-${name}`, group: 'Latency', what, chart }
}

function errors(
  name: string,
  what: string,
  given: { statuses: readonly string[]; times: number; days?: number },
): GalleryEntry {
  const { statuses, times, days = 7 } = given
  const next = numbersFrom(5)
  const buckets = Array.from({ length: days * 4 }, (_, index) => ({
    at: after(index / 4),
    calls: 400 + Math.round(next() * 300),
  }))
  const series = statuses.map((status, order) => ({
    status,
    counts: buckets.map(({ calls }, index) =>
      Math.round((calls * times * (next() + (index === days * 3 ? 3 : 0))) / (order + 1)),
    ),
  }))
  const chart = errorChart({
    span: { from, until: after(days), timeZone: 'UTC' },
    buckets,
    statuses: series,
    when: `in the last ${days} days`,
  })
  return { name: `errors-${name}`, group: 'Errors', what, chart }
}

const versus = { nowWords: 'this week', beforeWords: 'last week' }
const lines = (given: readonly (readonly [string | null, string, string])[]) =>
  given.map(([name, now, before]) => ({ name, now: usd(now), before: usd(before) }))

const compared: readonly (readonly [string, string, Chart])[] = [
  [
    'models',
    'Two weeks by model',
    comparisonChart({
      ...versus,
      by: 'model',
      lines: lines([
        ['gpt-4o', '182.40', '260.10'],
        ['claude-sonnet-4-5', '240.00', '118.20'],
        ['gpt-4.1-mini', '44.90', '43.10'],
        ['gemini-2.5-flash', '31.00', '0'],
        ['o4-mini', '0', '22.75'],
      ]),
    }),
  ],
  [
    'many',
    'Twenty routes, the smallest in one',
    comparisonChart({
      ...versus,
      by: 'route',
      lines: Array.from({ length: 20 }, (_, index) => ({
        name: `/v1/teams/${index + 1}/answers-with-long-context`,
        now: cents(200 / (index + 1)),
        before: cents(150 / (index + 0.5)),
      })),
    }),
  ],
  [
    'adjusted',
    'An adjustment below zero',
    comparisonChart({
      ...versus,
      by: 'model',
      lines: [
        ...lines([
          ['gpt-4o', '12', '30'],
          ['o4-mini', '4', '3.9'],
        ]),
        { name: 'batch', now: cents(-8), before: cents(5) },
      ],
    }),
  ],
  ['empty', 'Nothing in either', comparisonChart({ ...versus, by: 'model', lines: [] })],
]

const ranked: readonly (readonly [string, string, Chart])[] = [
  [
    'users',
    'Largest users',
    driversChart({
      by: 'user',
      when: 'this month',
      lines: ['ada', 'support-bot', 'nightly-import', 'search', 'eval', null].map((name, index) => ({
        name,
        cost: cents(420 / (index + 1) ** 1.4),
      })),
    }),
  ],
  [
    'many',
    'Two hundred users',
    driversChart({
      by: 'user',
      when: 'this month',
      lines: Array.from({ length: 200 }, (_, index) => ({
        name: `user-${index}-with-a-name-that-goes-on-and-on-and-on-beyond-the-picture`,
        cost: cents(90 / (index + 1)),
      })),
    }),
  ],
  [
    'one',
    'A single one, tiny',
    driversChart({ by: 'model', when: 'today', lines: [{ name: 'gpt-4.1-nano', cost: usd('0.000004') }] }),
  ],
  ['empty', 'Nothing', driversChart({ by: 'model', when: 'today', lines: [] })],
]

const course = (seed: number, length: number, times: number): number[] => {
  const next = numbersFrom(seed)
  return Array.from({ length }, (_, index) => times * (0.5 + next() * 0.6 + index / length))
}
const small: readonly (readonly [string, string, Chart])[] = [
  [
    'spend',
    'Spend, for Home',
    sparklineChart({
      name: 'Spend today',
      figure: '$12.40',
      note: 'up 12% on yesterday',
      values: course(2, 24, 0.6),
    }),
  ],
  [
    'latency',
    'Latency, with a gap',
    sparklineChart({
      name: 'Latency p95',
      figure: '1.8 s',
      note: 'in the last 24 hours',
      values: course(9, 24, 1500).map((value, index) => (index > 8 && index < 12 ? null : value)),
    }),
  ],
  [
    'empty',
    'Nothing yet',
    sparklineChart({ name: 'Failed calls', figure: '0%', note: 'no calls yet', values: [] }),
  ],
]

const grouped = (
  group: string,
  prefix: string,
  entries: readonly (readonly [string, string, Chart])[],
): GalleryEntry[] => entries.map(([name, what, chart]) => ({ name: `${prefix}-${name}`, group, what, chart }))

export const galleryCharts = (): GalleryEntry[] => [
  ...SPEND,
  ...grouped('A budget through its period', 'budget', budgets),
  latency('week', 'A week in sixths of a day', { days: 7, bucketHours: 4, times: 1 }),
  latency('gaps', 'Hours without calls', {
    days: 1,
    bucketHours: 1,
    times: 0.2,
    keep: (index) => index % 7 < 5 && index !== 8,
  }),
  latency('minutes', 'Minutes long', { days: 7, bucketHours: 24, times: 150 }),
  latency('one', 'One bucket with calls', {
    days: 7,
    bucketHours: 24,
    times: 1,
    keep: (index) => index === 3,
  }),
  latency('empty', 'Nothing', { days: 7, bucketHours: 24, times: 1, keep: () => false }),
  errors('week', 'A week with an outage', { statuses: ['rate_limited', 'timeout', 'error'], times: 0.02 }),
  errors('many', 'Nine statuses', {
    statuses: Array.from({ length: 9 }, (_, index) => `status_${index + 1}`),
    times: 0.08,
  }),
  errors('none', 'No call failed', { statuses: [], times: 0 }),
  ...grouped('Two periods', 'comparison', compared),
  ...grouped('Drivers', 'drivers', ranked),
  ...grouped('Small charts for Home', 'small', small),
]
