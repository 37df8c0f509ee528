/**
 * The loop that sends webhooks: woken by Postgres and by the clock, so that a lost wake-up delays and loses nothing.
 * Invariant: so many attempts are under way at most, and so few of them to one webhook that a slow one holds up nobody
 * but itself.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { openAlarm } from '../../core/alarm.ts'
import { runLookLoop } from '../../core/look-loop.ts'
import { WEBHOOK_CHANNEL } from '../../db/postgres/signals.ts'
import { claimDeliveries } from '../../db/postgres/webhook-sending.ts'
import { type SendDeps, sendDelivery } from './send-delivery.ts'

export interface Sender {
  /** Begins nothing more, and resolves when what is under way has ended. */
  stop(): Promise<void>
}

export interface SenderLimits {
  readonly atOnceMax: number
  readonly perWebhookMax: number
  readonly leaseMs: number
  readonly lookEveryMs: number
}

/** An attempt takes 10 s at most, and keeping what came of it as long as a statement may. */
export const SENDER_LIMITS: SenderLimits = {
  atOnceMax: 64,
  perWebhookMax: 2,
  leaseMs: 60_000,
  lookEveryMs: 1_000,
}
const AFTER_ERROR_MS = 2_000
/** Closing the pool ends what did not end by then. */
const END_WITHIN_MS = 500

export function runSender(deps: SendDeps, limits: SenderLimits = SENDER_LIMITS): Sender {
  const alarm = openAlarm()
  const underWay = new Set<Promise<void>>()
  const endListening = listenInBackground(deps, alarm.ring)

  const begin = (sending: Promise<void>): void => {
    const ended = sending
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'what came of a webhook could not be kept; it is sent again')
      })
      .finally(() => {
        underWay.delete(ended)
        // Its place is free, and the next of its webhook may be due.
        alarm.ring()
      })
    underWay.add(ended)
  }

  const look = async (): Promise<void> => {
    const rowsMax = limits.atOnceMax - underWay.size
    if (rowsMax <= 0) return
    const claim = { rowsMax, perWebhookMax: limits.perWebhookMax, leaseMs: limits.leaseMs }
    for (const claimed of await claimDeliveries(deps.postgres, claim, deps.now())) {
      begin(sendDelivery(claimed, deps))
    }
  }

  const loop = runLookLoop({
    ...{ alarm, look, everyMs: limits.lookEveryMs, afterErrorMs: AFTER_ERROR_MS },
    stumbled: (error) => deps.log.error({ err: error }, 'the sender of webhooks stumbled and goes on'),
  })

  return {
    stop: async () => {
      await loop.stop()
      await Promise.all(underWay)
      await endListening()
    },
  }
}

/** Without a connection the clock alone wakes the loop, so nothing waits for one: neither the start nor the end. */
function listenInBackground({ postgres, log }: SendDeps, ring: () => void): () => Promise<void> {
  const ended = new AbortController()
  let unlisten: (() => Promise<void>) | null = null
  const connect = async (): Promise<void> => {
    while (!ended.signal.aborted && unlisten === null) {
      try {
        unlisten = await postgres.listen(WEBHOOK_CHANNEL, ring, ring)
      } catch (error) {
        log.warn({ err: error }, 'webhooks are looked for by the clock until Postgres can wake their sender')
        await sleep(AFTER_ERROR_MS, undefined, { signal: ended.signal }).catch(() => undefined)
      }
    }
  }
  void connect()
  return async () => {
    ended.abort()
    if (unlisten !== null) await Promise.race([unlisten().catch(() => undefined), sleep(END_WITHIN_MS)])
  }
}
