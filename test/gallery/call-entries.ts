/** How long calls take and which fail. */
import { errorChart } from '../../app/charts/error-chart.ts'
import { latencyChart } from '../../app/charts/latency-chart.ts'
import type { GalleryEntry } from './entry.ts'
import { after, from, numbersFrom } from './seeded.ts'

export function latency(
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

export function errors(
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
