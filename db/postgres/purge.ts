/**
 * Deletes rows that no decision needs any more.
 * Invariant: an admission outlives the horizon within which ingest takes its event, so that no repeat is counted anew.
 */
import { and, isNotNull, lt, ne, sql } from 'drizzle-orm'
import { TS_AGE_MAX_MS, TS_AHEAD_MAX_MS } from '../../core/event/horizon.ts'
import type { Postgres } from './open.ts'
import {
  admissions,
  budgetLeases,
  callClaims,
  holds,
  jobSlots,
  slackEventsSeen,
  unpricedCalls,
  webhookDeliveries,
} from './schema.ts'

const DAY_MS = 86_400_000
/** The horizon, and room for a repeat that waits in a journal while the ledger is down. */
const ADMISSION_KEPT_MS = TS_AGE_MAX_MS + TS_AHEAD_MAX_MS + 7 * DAY_MS
/** Ended, it decides nothing; an operator may want to see who held what. */
const LEASE_KEPT_MS = 2 * DAY_MS
/** The longest a period runs that counts them, but for a span that somebody made longer. */
const UNPRICED_KEPT_MS = 400 * DAY_MS
const SLOT_KEPT_MS = 2 * DAY_MS
const SLACK_EVENT_KEPT_MS = 2 * DAY_MS
/** Since its last attempt: so long a delivery can be seen and replayed. Its attempts take three days. */
const DELIVERY_KEPT_MS = 30 * DAY_MS

export async function purgeOutlived(postgres: Postgres, now: Date): Promise<number> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  const { tables } = postgres
  const gone = [
    await tables.delete(admissions).where(lt(admissions.admittedAt, before(ADMISSION_KEPT_MS))),
    await tables.delete(callClaims).where(lt(callClaims.claimedAt, before(ADMISSION_KEPT_MS))),
    await tables.delete(unpricedCalls).where(lt(unpricedCalls.ts, before(UNPRICED_KEPT_MS))),
    // As long as the event of its call may still come.
    await tables
      .delete(holds)
      .where(and(ne(holds.state, 'live'), lt(holds.createdAt, before(ADMISSION_KEPT_MS)))),
    await tables.delete(budgetLeases).where(lt(budgetLeases.endedAt, before(LEASE_KEPT_MS))),
    await tables
      .delete(jobSlots)
      .where(and(lt(jobSlots.slot, before(SLOT_KEPT_MS)), isNotNull(jobSlots.finishedAt))),
    await tables.delete(slackEventsSeen).where(lt(slackEventsSeen.seenAt, before(SLACK_EVENT_KEPT_MS))),
    await tables
      .delete(webhookDeliveries)
      .where(
        lt(
          sql`coalesce(${webhookDeliveries.lastAttemptAt}, ${webhookDeliveries.createdAt})`,
          before(DELIVERY_KEPT_MS).toISOString(),
        ),
      ),
  ]
  return gone.reduce((sum, { count }) => sum + count, 0)
}
