/**
 * Money, as whole nano-dollars (1 USD = 1_000_000_000).
 * Invariant: amounts are summed as integers and divided once, when shown.
 */
declare const unit: unique symbol

export type NanoUsd = bigint & { readonly [unit]: 'NanoUsd' }

export const NANOS_PER_USD = 1_000_000_000n

export const nanoUsd = (value: bigint): NanoUsd => value as NanoUsd
export const zeroUsd: NanoUsd = nanoUsd(0n)

/** Whole or fractional dollars given as a literal in code, such as `usd('12.50')`. Throws on anything else. */
export function usd(text: string): NanoUsd {
  const parsed = parseUsd(text)
  if (parsed === null) throw new RangeError(`not an amount in USD: ${text}`)
  return parsed
}

export const addUsd = (a: NanoUsd, b: NanoUsd): NanoUsd => nanoUsd(a + b)
export const subtractUsd = (a: NanoUsd, b: NanoUsd): NanoUsd => nanoUsd(a - b)
/** The sum of amounts, and of nothing: zero. */
export const sumUsd = (amounts: readonly NanoUsd[]): NanoUsd => amounts.reduce(addUsd, zeroUsd)
export const maxUsd = (a: NanoUsd, b: NanoUsd): NanoUsd => (a > b ? a : b)
export const minUsd = (a: NanoUsd, b: NanoUsd): NanoUsd => (a < b ? a : b)

/**
 * Reads an amount as a person or the wire writes it: `25`, `$1,250.5`, `0.000000001`.
 * At most nine decimals and less than a billion dollars, so that sums stay within the 64 bits of the stores; null for
 * anything else, negative amounts included.
 */
export function parseUsd(text: string): NanoUsd | null {
  const match = /^\$?\s*(\d{1,3}(?:,\d{3}){1,2}|\d{1,9})(?:\.(\d{1,9}))?$/.exec(text.trim())
  if (!match) return null
  const whole = BigInt((match[1] ?? '').replaceAll(',', ''))
  const fraction = BigInt((match[2] ?? '').padEnd(9, '0'))
  return nanoUsd(whole * NANOS_PER_USD + fraction)
}

/** The form of the wire: USD with exactly nine places, such as `12.500000000`. */
export function toUsdDecimal(amount: NanoUsd): string {
  const sign = amount < 0n ? '-' : ''
  const absolute = amount < 0n ? -amount : amount
  return `${sign}${absolute / NANOS_PER_USD}.${(absolute % NANOS_PER_USD).toString().padStart(9, '0')}`
}

/**
 * The form for people: `$1,234.56`; below a cent as many places as show two significant digits, so that a small
 * cost is never shown as $0.00.
 */
export function showUsd(amount: NanoUsd): string {
  const absolute = amount < 0n ? -amount : amount
  const sign = amount < 0n ? '−' : ''
  if (absolute === 0n) return '$0.00'
  const places = absolute >= NANOS_PER_USD / 100n ? 2 : placesFor(absolute)
  const scaled = divideHalfEven(absolute, 10n ** BigInt(9 - places))
  const whole = scaled / 10n ** BigInt(places)
  const fraction = (scaled % 10n ** BigInt(places)).toString().padStart(places, '0')
  return `${sign}$${whole.toLocaleString('en-US')}.${fraction}`
}

/** Integer division of non-negative numbers, rounding halves to the even neighbour (IEEE 754 roundTiesToEven). */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const twice = (dividend % divisor) * 2n
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) return quotient + 1n
  return quotient
}

/** How much of `whole` the `part` is, in whole percent rounded down; 0 for a whole of nothing. */
export const percentOf = (part: NanoUsd, whole: NanoUsd): number =>
  whole <= 0n ? 0 : Number((part * 100n) / whole)

function placesFor(absolute: bigint): number {
  const digits = absolute.toString().length
  return Math.min(9, 9 - digits + 2)
}
