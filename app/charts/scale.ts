/** Round marks for an axis, and where a value stands between them. Invariant: finite for every finite value. */

export interface Scale {
  readonly min: number
  readonly max: number
  readonly step: number
  readonly ticks: readonly number[]
}

const STEPS = [1, 2, 2.5, 5, 10]
/** What an axis of nothing spans. */
const NOTHING = 1

/** About `count` marks from the lowest value, or zero, to the highest; the ends are marks. */
export function scaleOf(values: readonly number[], count = 4, otherwise = NOTHING): Scale {
  const low = values.reduce((least, value) => Math.min(least, value), 0)
  const high = values.reduce((most, value) => Math.max(most, value), 0)
  const span = high - low > 1e-12 ? high - low : otherwise
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((one) => one * power >= rough * 0.999) ?? 10) * power
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil((low + span) / step - 1e-9))
  // Multiples, and not sums, so that no error grows; the digits beyond the step's own are noise.
  const tick = (index: number): number => Number((index * step).toPrecision(12))
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => tick(first + index))
  return { min: tick(first), max: tick(last), step, ticks }
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** Linear from `domain` to `pixels`. */
export const placed = (value: number, domain: Span, pixels: Span): number =>
  pixels.from + ((value - domain.from) / (domain.to - domain.from || 1)) * (pixels.to - pixels.from)
