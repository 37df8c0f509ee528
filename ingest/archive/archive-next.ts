/**
 * Archives one range of the journal: what the ledger admitted of it, to the object store and to ClickHouse.
 * Invariant: the bounds are fixed in Postgres before anything is written, so a repeat after a crash anywhere makes the
 * same bytes under the same names, which overwrite themselves or are recognised.
 */
import { type ArchiveStores, writeRange } from '../../db/archive/write-range.ts'
import {
  type ArchivePlan,
  finishArchive,
  planArchive,
  readCounted,
} from '../../db/postgres/journal-readers.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import type { Journal } from '../journal/journal.ts'
import type { Log } from '../log.ts'

/** Every effect of the archive beside Postgres. */
export interface ArchiveDeps extends ArchiveStores {
  readonly journal: Pick<Journal, 'journalId' | 'read' | 'endOffset' | 'releaseBefore'>
  readonly postgres: Postgres
  readonly now: () => Date
  readonly log: Log
}

const READ_BYTES_MAX = 16 * 1024 * 1024

/** A range that is in both stores. */
export interface Archived extends ArchivePlan {
  readonly archived: number
  /** Counted events that the journal no longer has. */
  readonly missing: number
}

/** The range that was archived, or null when there was nothing. */
export async function archiveNext(deps: ArchiveDeps, eventsMax: number): Promise<Archived | null> {
  const { journal, postgres, now } = deps
  const { journalId } = journal
  const plan = await planArchive(postgres, { journalId, eventsMax }, now())
  if (plan === null) return null
  const { rows, missing } = await readAdmitted(deps, plan)
  await writeRange(deps, { journalId, ...plan, rows })
  await finishArchive(postgres, journalId, plan, now())
  return { ...plan, archived: rows.length, missing }
}

async function readAdmitted(
  { journal, postgres, log }: ArchiveDeps,
  plan: ArchivePlan,
): Promise<{ readonly rows: readonly Buffer[]; readonly missing: number }> {
  const { journalId } = journal
  const { admitted, notAdmitted } = await readCounted(postgres.tables, journalId, plan)
  const rows: Buffer[] = []
  let fromOffset = plan.fromOffset
  while (fromOffset < plan.nextOffset) {
    const eventsMax = plan.nextOffset - fromOffset
    const read = await journal.read(fromOffset, { eventsMax, bytesMax: READ_BYTES_MAX })
    for (const { offset, row } of read) {
      if (!notAdmitted.has(offset) && offset < plan.nextOffset) rows.push(row)
    }
    fromOffset = (read.at(-1)?.offset ?? plan.nextOffset) + 1
  }
  const missing = Math.max(0, admitted - rows.length)
  if (missing > 0) {
    log.error(
      { journalId, ...plan, missing },
      'counted events are no longer in the journal: the archive lacks them',
    )
  }
  return { rows, missing }
}
