/** What Slack is told about a budget-period. Written in the transaction of the fact; every kind refreshes the card. */
import type { NanoUsd } from '../money.ts'

export type OverrideEnd = 'spent' | 'expired' | 'replaced' | 'stopped' | 'revoked'

export type Notice =
  | {
      readonly kind: 'budget_set'
      readonly by: string
      readonly limit: NanoUsd
      readonly previousLimit: NanoUsd | null
    }
  | { readonly kind: 'period_opened' }
  | {
      readonly kind: 'crossed'
      readonly percents: readonly number[]
      readonly spent: NanoUsd
      /** What calls without a price are taken to cost, where there are any. */
      readonly estimated?: NanoUsd
      readonly limit: NanoUsd
    }
  | {
      readonly kind: 'override_granted'
      readonly by: string
      readonly amount: NanoUsd
      readonly ceiling: NanoUsd
      readonly until: Date
      readonly reason: string
    }
  | {
      readonly kind: 'override_ended'
      readonly end: OverrideEnd
      /** Who took it back. */
      readonly by?: string
      readonly spent: NanoUsd
      readonly estimated?: NanoUsd
      readonly limit: NanoUsd
    }
  /** It waits for a second person, until `expiresAt`. */
  | {
      readonly kind: 'override_requested'
      readonly requestId: string
      readonly by: string
      readonly amount: NanoUsd
      readonly windowS: number
      readonly reason: string
      readonly expiresAt: Date
    }
  | {
      readonly kind: 'override_denied'
      readonly requestId: string
      readonly by: string
      readonly requestedBy: string
      readonly amount: NanoUsd
      readonly reason: string
    }
  | {
      readonly kind: 'override_request_expired'
      readonly requestId: string
      readonly requestedBy: string
      readonly amount: NanoUsd
    }
  /** At the present rate the limit will be reached within the period. */
  | {
      readonly kind: 'forecast'
      readonly at: Date
      readonly earliestAt: Date
      /** Null when it may not be reached at all. */
      readonly latestAt: Date | null
      readonly expectedAtEnd: NanoUsd
    }
  /** Calls cost less than was thought: the spend is below the limit again. */
  | {
      readonly kind: 'limit_lifted'
      readonly spent: NanoUsd
      readonly estimated?: NanoUsd
      readonly limit: NanoUsd
    }
  /** What was spent was counted anew from the ledger, and had been wrong. */
  | {
      readonly kind: 'figure_corrected'
      readonly from: NanoUsd
      readonly to: NanoUsd
      /** Calls had been stopped by the wrong figure, and are by the right one no more. */
      readonly lifted: boolean
    }
  | { readonly kind: 'stopped_by_person'; readonly by: string }
  | { readonly kind: 'resumed'; readonly by: string }
  /** Somebody is on it. */
  | { readonly kind: 'acknowledged'; readonly by: string }
  /** Crossings below the stop are shown on the card alone, until then. */
  | { readonly kind: 'quiet_begun'; readonly by: string; readonly until: Date }
  /** `quieted` are the percents that were crossed meanwhile, and not told. */
  | { readonly kind: 'quiet_ended'; readonly quieted: readonly number[] }
