/** Spend over time, as it is on most days and at the edges of what data can be. */
import { spendChart } from '../../app/charts/spend-chart.ts'
import { spendOverTimeOf } from '../../app/charts/spend-series.ts'
import { nanoUsd } from '../../core/money.ts'
import type { GalleryEntry } from './entry.ts'
import { after, DAY_MS, from, HOUR_MS, numbersFrom } from './seeded.ts'

export const MODELS = [
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

export const SPEND: readonly GalleryEntry[] = [
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
