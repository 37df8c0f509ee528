/**
 * Rollover: how much of a period's unused money the next one may spend beside its own limit.
 *
 * What is left of a period is its limit and what was carried into it, less what was spent. Of that at most `capPercent`
 * of the limit is carried on. The cap binds the sum, money that was carried before included: so however many quiet
 * periods lie behind it, a period never spends more than its limit and the cap, and the figure that finance has to
 * expect at worst is known on the day the budget is made. An overspent period carries nothing, and no debt either: what
 * was spent past a limit was allowed by an override or by the bound of the mode, and was announced then.
 *
 * It is reckoned from what was spent, never kept as a truth of its own: a late event or a new price in the closed
 * period changes what it carries, by as much at most.
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { showName, showValue } from '../event/show-value.ts'
import { maxUsd, type NanoUsd, nanoUsd, zeroUsd } from '../money.ts'

export type Rollover = 'none' | { readonly kind: 'unused'; readonly capPercent: number }

/** At most another limit: past that, the stop would come later than anyone who reads the limit expects. */
export const CAP_PERCENT_MAX = 100

export interface ClosedPeriod {
  /** The budget's own limit when the period ended, without what was carried into it. */
  readonly limit: NanoUsd
  /** What the period before it carried into this one. */
  readonly carriedIn: NanoUsd
  /** Estimates of calls without a price included: money that may be gone is not carried on. */
  readonly spent: NanoUsd
  readonly rollover: Rollover
}

/** What a period carries into the next: from zero to the cap, fractions of a nano-dollar cut. */
export function carriedOver({ limit, carriedIn, spent, rollover }: ClosedPeriod): NanoUsd {
  if (rollover === 'none') return zeroUsd
  const left = maxUsd(nanoUsd(limit + carriedIn - spent), zeroUsd)
  const cap = nanoUsd((limit * BigInt(rollover.capPercent)) / 100n)
  if (left < cap) return left
  return cap
}

export interface BadRollover {
  readonly kind: 'bad'
  /** Each a sentence that says what is wrong, in which field, and what was expected. */
  readonly problems: readonly string[]
}

/** `"none"`, or `{"carry": "unused", "cap_percent": 50}`, as people write it and Postgres keeps it. */
export function parseRollover(value: unknown): Rollover | BadRollover {
  if (value === 'none') return 'none'
  if (!isJsonObject(value)) {
    const way = 'it must be "none" or an object such as {"carry": "unused", "cap_percent": 50}'
    return { kind: 'bad', problems: [`rollover is ${said(value)}; ${way}`] }
  }
  const problems = Object.keys(value)
    .filter((name) => !FIELDS.includes(name))
    .map((name) => `"${showName(name)}" is no field of rollover; it has ${FIELDS.join(', ')}`)
  if (value.carry !== 'unused') {
    problems.push(`carry is ${said(value.carry)}; it must be "unused", or rollover itself "none"`)
  }
  const cap = value.cap_percent
  if (isCap(cap) && problems.length === 0) return { kind: 'unused', capPercent: cap }
  if (!isCap(cap)) {
    problems.push(`cap_percent is ${said(cap)}; it must be a whole number from 1 to ${CAP_PERCENT_MAX}`)
  }
  return { kind: 'bad', problems }
}

export const toRolloverJson = (rollover: Rollover): 'none' | JsonObject =>
  rollover === 'none' ? 'none' : { carry: 'unused', cap_percent: rollover.capPercent }

const FIELDS: readonly string[] = ['carry', 'cap_percent']

const isCap = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= CAP_PERCENT_MAX

const said = (value: unknown): string => (value === undefined ? 'missing' : showValue(value))
