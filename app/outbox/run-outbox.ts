/**
 * The one loop that speaks in channels: tells notices as they come, then digests, then lets the cards follow the spend.
 * Woken by Postgres and by the clock, so that a lost wake-up delays and loses nothing.
 */
import { openAlarm } from '../../core/alarm.ts'
import { runLookLoop } from '../../core/look-loop.ts'
import { endQuiets } from '../../db/postgres/card-attention.ts'
import { OUTBOX_CHANNEL, VERDICT_CHANNEL } from '../../db/postgres/signals.ts'
import { openCardRefresher, type RefreshDeps } from '../cards/refresh-cards.ts'
import { type DigestDeps, openDigests } from '../digest/deliver-digests.ts'
import { type DeliverDeps, deliverNext } from './deliver-notice.ts'

export interface Outbox {
  /** Finishes what it is saying, then ends. */
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 1_000
const SWEEP_EVERY_MS = 15_000
const AFTER_ERROR_MS = 2_000

export async function runOutbox(deps: DeliverDeps & RefreshDeps & DigestDeps): Promise<Outbox> {
  const refreshCards = openCardRefresher(deps)
  const tellDigest = openDigests(deps)
  const alarm = openAlarm()
  let spendMoved = true
  let sweptAtMs = 0
  const unlisten = [
    await deps.postgres.listen(OUTBOX_CHANNEL, alarm.ring, alarm.ring),
    await deps.postgres.listen(
      VERDICT_CHANNEL,
      () => {
        spendMoved = true
      },
      alarm.ring,
    ),
  ]

  const look = async (isRunning: () => boolean): Promise<void> => {
    await endQuiets(deps.postgres, deps.now())
    do {
      while (isRunning() && (await deliverNext(deps)) !== 'none') {
        // Each turn tells one notice; a failed one is due later, so this ends.
      }
      // A digest can wait, and news of a budget cannot: it comes between any two.
    } while (isRunning() && (await tellDigest()) !== 'none')
    const nowMs = deps.now().getTime()
    if (!isRunning() || (!spendMoved && nowMs - sweptAtMs < SWEEP_EVERY_MS)) return
    spendMoved = false
    sweptAtMs = nowMs
    if ((await refreshCards()) === 'some_wait') spendMoved = true
  }

  const loop = runLookLoop({
    ...{ alarm, look, everyMs: LOOK_EVERY_MS, afterErrorMs: AFTER_ERROR_MS },
    stumbled: (error) => deps.log.error({ err: error }, 'the outbox stumbled and goes on'),
  })

  return {
    stop: async () => {
      await loop.stop()
      await deps.pictures.stop()
      await Promise.allSettled(unlisten.map((end) => end()))
    },
  }
}
