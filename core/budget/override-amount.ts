/** How much more is asked for: a sum, or so many percent of the limit; as people write it, and what it comes to. */
import { type NanoUsd, parseUsd } from '../money.ts'
import { PERCENT_MAX, percentOfLimit } from './override-policy.ts'

export type OverrideAmount = NanoUsd | { readonly percent: number }

/** Reads `10`, `$1,250.50` or `25%`; null for anything else. Percents are whole, as everywhere. */
export function parseOverrideAmount(text: string): OverrideAmount | null {
  const match = /^(\d{1,4})\s*%$/.exec(text.trim())
  if (!match) return parseUsd(text)
  const percent = Number(match[1])
  return percent >= 1 && percent <= PERCENT_MAX ? { percent } : null
}

export const sumOfAmount = (amount: OverrideAmount, limit: NanoUsd): NanoUsd =>
  typeof amount === 'bigint' ? amount : percentOfLimit(amount.percent, limit)
