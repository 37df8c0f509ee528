/**
 * Deletes rows that no decision needs any more.
 * Invariant: an admission outlives the horizon within which ingest takes its event, so that no repeat is counted anew;
 * and the archiving of its event, which asks what was admitted.
 */
import { and, isNotNull, lt, not, sql } from 'drizzle-orm'
import { TS_AGE_MAX_MS } from '../../core/event/horizon.ts'
import type { Postgres } from './open.ts'
import { admissions, jobSlots, slackEventsSeen } from './schema.ts'

const DAY_MS = 86_400_000
/** Room for an event that waits in a journal while the ledger is down. */
const ADMISSION_SLACK_MS = 7 * DAY_MS
const SLOT_KEPT_MS = 2 * DAY_MS
const SLACK_EVENT_KEPT_MS = 2 * DAY_MS

const waitsForArchive = sql`exists (select 1 from journal_readers where journal_readers.reader = 'archive'
  and journal_readers.journal_id = ${admissions.journalId}
  and journal_readers.next_offset <= ${admissions.journalOffset})`

export async function purgeOutlived(postgres: Postgres, now: Date): Promise<number> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  const { tables } = postgres
  const gone = [
    await tables
      .delete(admissions)
      .where(and(lt(admissions.ts, before(TS_AGE_MAX_MS + ADMISSION_SLACK_MS)), not(waitsForArchive))),
    await tables
      .delete(jobSlots)
      .where(and(lt(jobSlots.slot, before(SLOT_KEPT_MS)), isNotNull(jobSlots.finishedAt))),
    await tables.delete(slackEventsSeen).where(lt(slackEventsSeen.seenAt, before(SLACK_EVENT_KEPT_MS))),
  ]
  return gone.reduce((sum, { count }) => sum + count, 0)
}
