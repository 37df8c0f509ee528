/**
 * What of a period's budget is left for the next one.
 * Invariant: nothing is carried from an overspent period, and never more than the cap, so that what is carried cannot
 * grow from period to period: what was itself carried in is not carried on.
 */
import { isJsonObject } from '../event/field-reader.ts'
import { showValue } from '../event/show-value.ts'
import { maxUsd, minUsd, type NanoUsd, nanoUsd, subtractUsd, zeroUsd } from '../money.ts'

/** `capPercent` of the limit is the most that is carried, 1 to 100. */
export type Rollover = 'none' | { readonly kind: 'unused'; readonly capPercent: number }

/** The limit is that of the period that ends, without what was carried into it. */
export function carriedOver({
  limit,
  spent,
  rollover,
}: {
  readonly limit: NanoUsd
  readonly spent: NanoUsd
  readonly rollover: Rollover
}): NanoUsd {
  if (rollover === 'none') return zeroUsd
  const left = maxUsd(zeroUsd, subtractUsd(limit, spent))
  const cap = nanoUsd((limit * BigInt(rollover.capPercent)) / 100n)
  return minUsd(left, cap)
}

export type ParsedRollover =
  | { readonly kind: 'parsed'; readonly rollover: Rollover }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

/** `{"cap_percent": 20}`; null, or nothing, carries nothing over. */
export function parseRollover(value: unknown): ParsedRollover {
  if (value === undefined || value === null) return { kind: 'parsed', rollover: 'none' }
  const cap = isJsonObject(value) && Object.keys(value).length === 1 ? value.cap_percent : undefined
  if (typeof cap === 'number' && Number.isInteger(cap) && cap >= 1 && cap <= 100) {
    return { kind: 'parsed', rollover: { kind: 'unused', capPercent: cap } }
  }
  const way = 'it must be null or {"cap_percent": N} with a whole percent of the limit from 1 to 100'
  return { kind: 'bad', problems: [`rollover is ${showValue(value)}; ${way}`] }
}

export const toRolloverJson = (rollover: Rollover): Record<string, unknown> | null =>
  rollover === 'none' ? null : { cap_percent: rollover.capPercent }
