/**
 * A budget and its period, as plain facts. What they mean at an instant is derived in `state.ts`, so that no stored
 * state can outlive its period.
 */
import type { NanoUsd } from '../money.ts'
import type { PeriodRule } from '../period/period-rule.ts'
import type { Period } from '../period.ts'
import type { Ladder } from './ladder.ts'
import type { Rollover } from './rollover.ts'
import type { Counter, Scope } from './scope.ts'

export const DEFAULT_THRESHOLDS_PERCENT: readonly number[] = [50, 75, 90, 100]

export interface Budget {
  readonly id: string
  readonly orgId: string
  /** Its own name, or else its scope in words. */
  readonly title: string
  readonly scope: Scope
  /** Null for a budget of the whole organisation. */
  readonly projectName: string | null
  readonly periodRule: PeriodRule
  readonly rollover: Rollover
  readonly limit: NanoUsd
  /** Ascending whole percents at which people are told; those of the ladder among them. */
  readonly thresholdsPercent: readonly number[]
  readonly ladder: Ladder
  readonly mode: BudgetMode
  /** What a client does with calls while it cannot hear of this budget. */
  readonly onUnreachable: OnUnreachable
  /** What a model without a price does to it: of a hold, and of a call that nobody held. */
  readonly onUnpriced: OnUnpriced
  /** Who may lift its stop, by its own policy or the organisation's. */
  readonly lifters: Lifters
  /** Counts the changes of the limit: a threshold is announced once per period and revision. */
  readonly limitRevision: number
  readonly manualStop: ManualStop | null
}

/** Strict budgets let a call begin once its worst case is held; cached ones go by the last verdict heard. */
export const BUDGET_MODES = ['cached', 'strict'] as const
export type BudgetMode = (typeof BUDGET_MODES)[number]

export const ON_UNREACHABLE = ['allow', 'deny'] as const
export type OnUnreachable = (typeof ON_UNREACHABLE)[number]

export const ON_UNPRICED = ['estimate_high', 'allow', 'deny'] as const
export type OnUnpriced = (typeof ON_UNPRICED)[number]

/** `named`: the people whom its policy names. */
export const LIFTERS = ['admins', 'members', 'named'] as const
export type Lifters = (typeof LIFTERS)[number]

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

/** One counter of a budget in one period. Times before the first event included: spent is then zero. */
export interface BudgetPeriod {
  readonly period: Period
  readonly counter: Counter
  /** Of a counter of a key, what people call it: its name and prefix; null of all others. */
  readonly ownerName: string | null
  readonly spent: NanoUsd
  readonly events: number
  /** Events whose cost is unknown: they are in `events` and not in `spent`. */
  readonly unpricedEvents: number
  /** High estimates of calls without a price that no hold stands for: counted as spend is, and never part of `spent`. */
  readonly estimated: NanoUsd
  /** Models seen without a price, as `provider/model`: the first `UNPRICED_MODELS_MAX` by name. */
  readonly unpricedModels: readonly string[]
  /** Held by calls under way and by leases, beside what is spent; never part of `spent`. */
  readonly held: NanoUsd
  /** What the period before left over and this one may spend beside the limit. */
  readonly carried: NanoUsd
  /** Percents already announced for the current limit revision. */
  readonly announcedPercent: readonly number[]
  /** When spend reached the stop in the current revision; null while below it. */
  readonly limitReachedAt: Date | null
  /** The override in force or not yet announced as ended; at most one. */
  readonly override: Override | null
}

export interface BudgetSnapshot {
  readonly budget: Budget
  readonly current: BudgetPeriod
}

export type BudgetState =
  /** No period holds this instant: a fixed span that is over, or is still to come. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'open' }
  | { readonly kind: 'warned'; readonly percent: number }
  | { readonly kind: 'stopped'; readonly by: 'limit'; readonly since: Date }
  | { readonly kind: 'stopped'; readonly by: 'person'; readonly since: Date; readonly person: string }
  | { readonly kind: 'overridden'; readonly until: Date; readonly ceiling: NanoUsd }
