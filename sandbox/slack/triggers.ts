/**
 * Trigger ids: each opens one view, within three seconds of the person's act.
 * Invariant: a trigger is spent at its first use, whatever that use then answers.
 */
import { randomBytes } from 'node:crypto'

const triggerLifeMs = 3000

/** Whose act it was, and where: in a modal, or in a conversation. */
export interface TriggerOrigin {
  userId: string
  viewId: string | null
  channelId: string | null
  /** Where; the only workspace when it is not said. */
  teamId?: string
}

export type TriggerUse =
  | ({ kind: 'good' } & TriggerOrigin)
  | { kind: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' }

export interface Triggers {
  issue: (origin: TriggerOrigin) => string
  use: (triggerId: string) => TriggerUse
  teamOf: (triggerId: unknown) => string | null
}

interface Issued {
  origin: TriggerOrigin
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
      issued.set(triggerId, { origin, issuedAtMs, used: false })
      for (const oldest of issued.keys()) {
        if (issued.size <= issuedMax) break
        issued.delete(oldest)
      }
      return triggerId
    },
    teamOf: (triggerId) =>
      typeof triggerId === 'string' ? (issued.get(triggerId)?.origin.teamId ?? null) : null,
    use(triggerId) {
      const trigger = issued.get(triggerId)
      if (trigger === undefined) return { kind: 'invalid_trigger_id' }
      if (trigger.used) return { kind: 'exchanged_trigger_id' }
      trigger.used = true
      if (deps.now().getTime() - trigger.issuedAtMs > triggerLifeMs) return { kind: 'expired_trigger_id' }
      return { kind: 'good', ...trigger.origin }
    },
  }
}
