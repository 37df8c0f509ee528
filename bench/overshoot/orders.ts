/** What the harness and the processes of a case tell each other. */

import type { OnUnreachable } from './client/guard.ts'
import type { ClientNotes, Mode } from './client/open-client.ts'

/** One request of the trace, on the clock of the case. */
export interface Due {
  readonly client: number
  readonly requestId: string
  /** After the case's beginning. */
  readonly afterMs: number
  readonly contextTokens: number
  readonly generatedTokens: number
}

export interface Opening {
  readonly kind: 'open'
  readonly clients: readonly { readonly client: number; readonly lensUrl: string }[]
  readonly apiKey: string
  readonly providerUrl: string
  readonly mode: Mode
  readonly onUnreachable: OnUnreachable
  readonly tokensMax: number
}

export type ToClients =
  | Opening
  | { readonly kind: 'replay'; readonly beginsAtMs: number; readonly due: readonly Due[] }
  | { readonly kind: 'finish' }

export type FromClients =
  | { readonly kind: 'started' }
  /** Every client has heard its first verdict. */
  | { readonly kind: 'open' }
  /** Every call has ended or was refused; their events may be on their way. */
  | { readonly kind: 'replayed' }
  | { readonly kind: 'finished'; readonly notes: readonly ClientNotes[] }
  | { readonly kind: 'failed'; readonly reason: string }

/** How holds are asked for when nothing but holds is measured. */
export interface HoldLoad {
  readonly kind: 'hold'
  readonly port: number
  readonly apiKey: string
  /** Stands in every request id of this load, and in no other's. */
  readonly tag: string
  readonly pace:
    | { readonly kind: 'open'; readonly requestsPerS: number }
    | { readonly kind: 'closed'; readonly connections: number }
  readonly seconds: number
}

export type FromHolders =
  | { readonly kind: 'started' }
  | { readonly kind: 'held'; readonly holds: number; readonly tookMs: number; readonly p95Ms: number }
  | { readonly kind: 'failed'; readonly reason: string }
