/** What the clients of a case saw and did: the log from which its figures are worked out. Instants are of `nowMs`. */

/** A call that the provider was asked for, and billed. */
export interface Call {
  readonly requestId: string
  readonly client: number
  /** When the client began to ask for leave: from then on a hold may stand for it. */
  readonly askedAtMs: number
  /** When the provider was asked. */
  readonly begunAtMs: number
  readonly endedAtMs: number
  /** When the 202 for its event came. */
  readonly ackedAtMs: number
  /** When the transaction that counted it was first seen to be committed. */
  readonly postedAtMs: number
  readonly cost: bigint
  /** At most what it could have cost, as far as was known before it. */
  readonly worst: bigint
  /** From the asking for a hold to the answer that granted it; null when none was asked for. */
  readonly holdMs: number | null
}

/** A call that was not made. */
export interface Refusal {
  readonly client: number
  readonly askedAtMs: number
  readonly atMs: number
  /** `unreachable`: nobody could be asked, and the budget says `on_unreachable: deny`. */
  readonly by: 'budget' | 'unreachable'
  readonly worst: bigint
  /** From an answer that refused it; null when no hold was asked for or no answer came. */
  readonly holdMs: number | null
  /** Until when a hold may stand that was asked for, and of which no answer came; null when there can be none. */
  readonly mayBeHeldUntilMs: number | null
}

/** From this instant on: whether a client has a live stream of verdicts, and whether it makes calls. */
export interface Standing {
  readonly client: number
  readonly atMs: number
  readonly isLive: boolean
  readonly mayCall: boolean
}

export interface CaseLog {
  readonly limit: bigint
  readonly clients: number
  readonly calls: readonly Call[]
  readonly refusals: readonly Refusal[]
  readonly standings: readonly Standing[]
  /** Whose replica was cut off, from when; null when none was. */
  readonly cutOff: { readonly clients: ReadonlySet<number>; readonly atMs: number } | null
}
