/**
 * May a call be made? The rules of the Python SDK's guard, in its order: a verdict that was heard within the staleness
 * bound decides; an older one that stopped the project still does; otherwise `on_unreachable`.
 */
export const STALE_AFTER_MS = 10_000

export type OnUnreachable = 'allow' | 'deny'

export interface Guard {
  /** `ageMs` is how old its facts were when it was heard. */
  hear(verdict: { readonly allowed: boolean }, ageMs?: number): void
  /** The server stands by its last verdict. */
  hearAlive(ageMs?: number): void
  /** Why no call may be made now, or null. */
  refusal(): 'budget' | 'unreachable' | null
}

export function buildGuard({
  onUnreachable,
  nowMs,
}: {
  readonly onUnreachable: OnUnreachable
  readonly nowMs: () => number
}): Guard {
  let allowed = true
  let heardAtMs = Number.NEGATIVE_INFINITY
  return {
    hear: (verdict, ageMs = 0) => {
      allowed = verdict.allowed
      heardAtMs = nowMs() - ageMs
    },
    hearAlive: (ageMs = 0) => {
      heardAtMs = nowMs() - ageMs
    },
    refusal: () => {
      // The SDK lets an old stop go at the period's end, which no case lives to see.
      if (!allowed) return 'budget'
      return onUnreachable === 'allow' || nowMs() - heardAtMs <= STALE_AFTER_MS ? null : 'unreachable'
    },
  }
}
