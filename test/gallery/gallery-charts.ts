/** The charts of the gallery with made-up, seeded data: as they are on most days, and at the edges of what data can be. */
import type { Chart } from '../../app/charts/chart.ts'
import { budgets } from './budget-entries.ts'
import { errors, latency } from './call-entries.ts'
import type { GalleryEntry } from './entry.ts'
import { small } from './small-entries.ts'
import { SPEND } from './spend-entries.ts'
import { compared, ranked } from './sum-entries.ts'

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
