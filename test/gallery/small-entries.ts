/** The small charts. */
import type { Chart } from '../../app/charts/chart.ts'
import { sparklineChart } from '../../app/charts/sparkline-chart.ts'
import { numbersFrom } from './seeded.ts'

const course = (seed: number, length: number, times: number): number[] => {
  const next = numbersFrom(seed)
  return Array.from({ length }, (_, index) => times * (0.5 + next() * 0.6 + index / length))
}
export const small: readonly (readonly [string, string, Chart])[] = [
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
