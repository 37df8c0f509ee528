/**
 * May a call be made? The rules of the Python SDK's guard, in its order: a verdict that was heard within the staleness
 * bound decides; an older one that stopped the project still does; otherwise `on_unreachable`.
 */
export const STALE_AFTER_MS = 10_000

export type OnUnreachable = 'allow' | 'deny'

export interface Guard {
  hear(verdict: { readonly allowed: boolean }): void
  /** The server stands by its last verdict. */
  hearAlive(): void
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
    hear: (verdict) => {
      allowed = verdict.allowed
      heardAtMs = nowMs()
    },
    hearAlive: () => {
      heardAtMs = nowMs()
    },
    refusal: () => {
      // The SDK lets an old stop go at the period's end, which no case lives to see.
      if (!allowed) return 'budget'
      return onUnreachable === 'allow' || nowMs() - heardAtMs <= STALE_AFTER_MS ? null : 'unreachable'
    },
  }
}
