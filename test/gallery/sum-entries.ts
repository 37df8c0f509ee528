/** Two times compared, and what spends most. */
import type { Chart } from '../../app/charts/chart.ts'
import { comparisonChart } from '../../app/charts/comparison-chart.ts'
import { driversChart } from '../../app/charts/drivers-chart.ts'
import { usd } from '../../core/money.ts'
import { cents } from './seeded.ts'

const versus = { nowWords: 'this week', beforeWords: 'last week' }
const lines = (given: readonly (readonly [string | null, string, string])[]) =>
  given.map(([name, now, before]) => ({ name, now: usd(now), before: usd(before) }))

export const compared: readonly (readonly [string, string, Chart])[] = [
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

export const ranked: readonly (readonly [string, string, Chart])[] = [
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
