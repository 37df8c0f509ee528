/** What App Home shows. */
import type { NanoUsd } from '../../core/money.ts'
import type { Latency } from '../../db/clickhouse/queries/latency.ts'
import type { UnpricedModel } from '../../db/clickhouse/queries/unpriced-models.ts'
import type { ListedApiKey } from '../../db/postgres/api-key-deeds.ts'
import type { StoredDeed } from '../../db/postgres/audit-list.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { StandingStop } from '../../db/postgres/list-wide-stops.ts'
import type { HomeChoice } from '../home/choice.ts'
import type { Forecasts } from './forecast-words.ts'

export interface HomeProject {
  readonly id: string
  readonly name: string
  readonly spent: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

/** Of the chosen project or all, in UTC days, by the ledger. */
export interface HomeSums {
  readonly today: NanoUsd
  /** The whole day a week ago. */
  readonly sameDayLastWeek: NanoUsd
  /** Seven whole days up to today. */
  readonly week: NanoUsd
  readonly weekBefore: NanoUsd
}

export interface HomeChart {
  readonly altText: string
  readonly url: string
}

export type HomeArchive =
  | {
      readonly kind: 'read'
      /** Of the last 24 hours; null when no call ended well. */
      readonly latency: Latency | null
      readonly unpriced: readonly UnpricedModel[]
      /** Null where Slack cannot reach the app. */
      readonly charts: readonly HomeChart[] | null
    }
  /** It did not answer, or not in time. */
  | { readonly kind: 'silent' }

export interface HomeFacts {
  readonly choice: HomeChoice
  /** All there are, the dearest of this month first. */
  readonly projects: readonly HomeProject[]
  readonly sums: HomeSums
  /** Each before its counters. */
  readonly budgets: readonly StoredBudget[]
  readonly forecasts: Forecasts
  readonly stops: readonly StandingStop[]
  /** Those that work, by project. */
  readonly keys: readonly ListedApiKey[]
  /** The youngest first. */
  readonly deeds: readonly StoredDeed[]
  readonly archive: HomeArchive
  readonly ingestUrl: string
  readonly asOf: Date
}
