/** Figures in few letters, for axes and labels: $12M, $1.2k, $0.000004; 850 ms, 1.2 s; 12k calls. */
import { NANOS_PER_USD, type NanoUsd, showUsd } from '../../core/money.ts'

/** For drawing only: a pixel is coarser than a float. */
export const dollars = (amount: NanoUsd): number => Number(amount) / Number(NANOS_PER_USD)

const LARGE = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** A mark of an axis whose marks are `step` apart: as many digits as tell neighbours apart, and no more. */
export function axisUsd(value: number, step: number): string {
  if (value === 0) return '$0'
  return `${value < 0 ? '−' : ''}$${short(Math.abs(value), step)}`
}

export const axisCount = (value: number, step: number): string =>
  `${value < 0 ? '−' : ''}${short(Math.abs(value), step)}`

/** An amount as people say it in a sentence: exact to the cent below $10,000, in thousands or millions above. */
export function briefUsd(amount: NanoUsd): string {
  const value = Math.abs(dollars(amount))
  if (value < 10_000) return showUsd(amount)
  return `${amount < 0n ? '−' : ''}$${threeDigits(value)}`
}

export const briefCount = (value: number): string =>
  Math.abs(value) < 10_000 ? value.toLocaleString('en-US') : threeDigits(value)

/** Milliseconds below a second, seconds with three digits above, minutes from two on. */
export function duration(ms: number): string {
  if (Math.abs(ms) < 999.5) return `${trimmed(ms, ms !== 0 && Math.abs(ms) < 10 ? 1 : 0)} ms`
  if (Math.abs(ms) < 120_000) return `${trimmed(ms / 1000, ms < 9_995 ? 2 : 1)} s`
  return `${trimmed(ms / 60_000, 1)} min`
}

/** The one unit of an axis, that of its highest mark. */
export function durationUnit(maxMs: number): { readonly sizeMs: number; readonly unit: string } {
  if (maxMs >= 120_000) return { sizeMs: 60_000, unit: 'min' }
  return maxMs >= 1000 ? { sizeMs: 1000, unit: 's' } : { sizeMs: 1, unit: 'ms' }
}

export function axisDuration(
  value: number,
  { max, step }: { readonly max: number; readonly step: number },
): string {
  if (value === 0) return '0'
  const { sizeMs, unit } = durationUnit(max)
  return `${trimmed(value / sizeMs, placesFor(step / sizeMs))} ${unit}`
}

export const percent = (share: number): string =>
  `${trimmed(share * 100, share !== 0 && Math.abs(share) < 0.1 ? 1 : 0)}%`

function short(value: number, step: number): string {
  const [size, letter] = LARGE.find(([size]) => value >= size * 0.9995) ?? [1, '']
  const places = placesFor(step / size)
  return `${size === 1 && value >= 0.01 && places > 0 ? value.toFixed(Math.max(2, places)) : trimmed(value / size, places)}${letter}`
}

function threeDigits(value: number): string {
  const [size, letter] = LARGE.find(([size]) => value >= size * 0.9995) ?? [1, '']
  const digits = Math.floor(Math.log10(value / size) + 1e-4)
  return `${trimmed(value / size, Math.max(0, 2 - digits))}${letter}`
}

/** Decimals that show a step whole. */
function placesFor(step: number): number {
  if (!(step > 0)) return 0
  const power = Math.floor(Math.log10(step) + 1e-9)
  const digits = Math.abs(step / 10 ** power - Math.round(step / 10 ** power)) > 0.01 ? 1 : 0
  return Math.min(12, Math.max(0, digits - power))
}

const trimmed = (value: number, places: number): string => {
  const text = value.toLocaleString('en-US', { maximumFractionDigits: places, minimumFractionDigits: 0 })
  return text.replace('-', '−').replace(/^−0$/, '0')
}
