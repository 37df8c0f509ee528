/** Slack repeats an event with the same id until it is answered; the first sight of an id is the one to act on. */
import type { Queryable } from './open.ts'
import { slackEventsSeen } from './schema.ts'

export async function isFirstSight(tx: Queryable, eventId: string, now: Date): Promise<boolean> {
  const rows = await tx
    .insert(slackEventsSeen)
    .values({ eventId, seenAt: now })
    .onConflictDoNothing()
    .returning({ eventId: slackEventsSeen.eventId })
  return rows.length === 1
}
