/**
 * Trigger ids: each opens one view, within three seconds of the person's act.
 * Invariant: a trigger is spent at its first use, whatever that use then answers.
 */
import { randomBytes } from 'node:crypto'

export const triggerLifeMs = 3000

export type TriggerUse =
  | { kind: 'good'; userId: string; viewId: string | null }
  | { kind: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' }

export interface Triggers {
  issue: (origin: { userId: string; viewId: string | null }) => string
  use: (triggerId: string) => TriggerUse
}

interface Issued {
  userId: string
  viewId: string | null
  issuedAtMs: number
  used: boolean
}

const issuedMax = 1000

export function openTriggers(deps: { now: () => Date }): Triggers {
  const issued = new Map<string, Issued>()
  return {
    issue(origin) {
      const issuedAtMs = deps.now().getTime()
      const triggerId = `${issuedAtMs}.${issued.size + 1}.${randomBytes(16).toString('hex')}`
      issued.set(triggerId, { ...origin, issuedAtMs, used: false })
      for (const oldest of issued.keys()) {
        if (issued.size <= issuedMax) break
        issued.delete(oldest)
      }
      return triggerId
    },
    use(triggerId) {
      const trigger = issued.get(triggerId)
      if (trigger === undefined) return { kind: 'invalid_trigger_id' }
      if (trigger.used) return { kind: 'exchanged_trigger_id' }
      trigger.used = true
      if (deps.now().getTime() - trigger.issuedAtMs > triggerLifeMs) return { kind: 'expired_trigger_id' }
      return { kind: 'good', userId: trigger.userId, viewId: trigger.viewId }
    },
  }
}
