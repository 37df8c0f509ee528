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

/** The range that was archived, or null when there was nothing. */
export async function archiveNext(deps: ArchiveDeps, eventsMax: number): Promise<ArchivePlan | null> {
  const { journal, postgres, now } = deps
  const { journalId } = journal
  const plan = await planArchive(postgres, { journalId, eventsMax }, now())
  if (plan === null) return null
  await writeRange(deps, { journalId, ...plan, rows: await readAdmitted(deps, plan) })
  await finishArchive(postgres, journalId, plan, now())
  return plan
}

async function readAdmitted({ journal, postgres, log }: ArchiveDeps, plan: ArchivePlan): Promise<Buffer[]> {
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
  if (rows.length < admitted) {
    const missing = admitted - rows.length
    log.error(
      { journalId, ...plan, missing },
      'counted events are no longer in the journal: the archive lacks them',
    )
  }
  return rows
}
