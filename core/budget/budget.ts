/**
 * A budget and its period, as plain facts. What they mean at an instant is derived in `state.ts`, so that no stored
 * state can outlive its period.
 */
import type { NanoUsd } from '../money.ts'
import type { Period } from '../period.ts'

export const DEFAULT_THRESHOLDS_PERCENT: readonly number[] = [50, 75, 90, 100]

export interface Budget {
  readonly id: string
  readonly orgId: string
  readonly projectId: string
  readonly projectName: string
  readonly limit: NanoUsd
  /** Ascending whole percents at which people are told. The stop is at 100% of the limit. */
  readonly thresholdsPercent: readonly number[]
  /** Counts the changes of the limit: a threshold is announced once per period and revision. */
  readonly limitRevision: number
  readonly manualStop: ManualStop | null
}

/** "Stop now", pressed by a person; holds until a person resumes, over the end of a period too. */
export interface ManualStop {
  readonly at: Date
  readonly by: string
}

/** Leave to spend past the limit: up to `ceiling`, until `until`, whichever comes first; never past the period. */
export interface Override {
  readonly id: string
  readonly amount: NanoUsd
  /** The total spend of the period at which this override is used up. */
  readonly ceiling: NanoUsd
  readonly grantedAt: Date
  readonly until: Date
  readonly grantedBy: string
  readonly reason: string
}

/** One budget in one period. Times before the first event included: spent is then zero. */
export interface BudgetPeriod {
  readonly period: Period
  readonly spent: NanoUsd
  readonly events: number
  /** Events whose cost is unknown: they are in `events` and not in `spent`. */
  readonly unpricedEvents: number
  /** Percents already announced for the current limit revision. */
  readonly announcedPercent: readonly number[]
  /** When spend reached the limit in the current revision; null while below it. */
  readonly limitReachedAt: Date | null
  /** The override in force or not yet announced as ended; at most one. */
  readonly override: Override | null
}

export interface BudgetSnapshot {
  readonly budget: Budget
  readonly current: BudgetPeriod
}

export type BudgetState =
  | { readonly kind: 'open' }
  | { readonly kind: 'warned'; readonly percent: number }
  | { readonly kind: 'stopped'; readonly by: 'limit'; readonly since: Date }
  | { readonly kind: 'stopped'; readonly by: 'person'; readonly since: Date; readonly person: string }
  | { readonly kind: 'overridden'; readonly until: Date; readonly ceiling: NanoUsd }
