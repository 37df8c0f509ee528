/**
 * Archives one range of the journal: what the ledger admitted of it, to the object store and to ClickHouse.
 * Invariant: the bounds are fixed in Postgres before anything is written, so a repeat after a crash anywhere makes the
 * same bytes under the same names, which overwrite themselves or are recognised.
 */

import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import { utcDay } from '../../core/period.ts'
import { holdsEvent, insertEvents } from '../../db/clickhouse/insert-events.ts'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import type { ObjectStore } from '../../db/objects/object-store.ts'
import { encodeEvents } from '../../db/parquet/encode-events.ts'
import {
  type ArchivePlan,
  finishArchive,
  planArchive,
  readCounted,
} from '../../db/postgres/journal-readers.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import type { Journal } from '../journal/journal.ts'
import type { Log } from '../log.ts'
import { archiveKey } from './archive-key.ts'

/** Every effect of the archive beside Postgres. */
export interface ArchiveDeps {
  readonly journal: Pick<Journal, 'journalId' | 'read' | 'endOffset' | 'releaseBefore'>
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly objects: Pick<ObjectStore, 'put'>
  readonly now: () => Date
  readonly log: Log
}

/** Writes at once to the stores; more only queue there. */
const GROUPS_AT_ONCE = 4
const READ_BYTES_MAX = 16 * 1024 * 1024

/** The range that was archived, or null when there was nothing. */
export async function archiveNext(deps: ArchiveDeps, eventsMax: number): Promise<ArchivePlan | null> {
  const { journal, postgres, now } = deps
  const { journalId } = journal
  const plan = await planArchive(postgres, { journalId, eventsMax }, now())
  if (plan === null) return null
  const groups = byGroup(await readAdmitted(deps, plan))
  for (let first = 0; first < groups.length; first += GROUPS_AT_ONCE) {
    await Promise.all(
      groups.slice(first, first + GROUPS_AT_ONCE).map((group) => writeGroup(deps, plan, group)),
    )
  }
  await finishArchive(postgres, journalId, plan, now())
  return plan
}

async function readAdmitted(
  { journal, postgres, log }: ArchiveDeps,
  plan: ArchivePlan,
): Promise<ArchivedEvent[]> {
  const { journalId } = journal
  const { admitted, notAdmitted } = await readCounted(postgres.tables, journalId, plan)
  const events: ArchivedEvent[] = []
  let fromOffset = plan.fromOffset
  while (fromOffset < plan.nextOffset) {
    const eventsMax = plan.nextOffset - fromOffset
    const read = await journal.read(fromOffset, { eventsMax, bytesMax: READ_BYTES_MAX })
    for (const { offset, event } of read) {
      if (!notAdmitted.has(offset) && offset < plan.nextOffset)
        events.push({ ...event, journalId, journalOffset: offset })
    }
    fromOffset = (read.at(-1)?.offset ?? plan.nextOffset) + 1
  }
  if (events.length < admitted) {
    const missing = admitted - events.length
    log.error(
      { journalId, ...plan, missing },
      'counted events are no longer in the journal: the archive lacks them',
    )
  }
  return events
}

interface EventGroup {
  /** The UTC day of the events' own time. */
  readonly day: string
  readonly projectId: string
  readonly events: ArchivedEvent[]
}

/** One group a day and project, each in the order of the journal. */
function byGroup(events: readonly ArchivedEvent[]): EventGroup[] {
  const groups = new Map<string, EventGroup>()
  for (const event of events) {
    const day = utcDay(event.ts)
    const name = `${day}/${event.projectId}`
    const group = groups.get(name)
    if (group) group.events.push(event)
    else groups.set(name, { day, projectId: event.projectId, events: [event] })
  }
  return [...groups.values()]
}

/**
 * Whether an earlier try has inserted the group, which ClickHouse keeps whole or not at all. It forgets tokens after so
 * many other inserts, and a process may be away for longer than that.
 */
async function isInserted({ clickhouse, journal }: ArchiveDeps, { events }: EventGroup): Promise<boolean> {
  const [first] = events
  return first !== undefined && (await holdsEvent(clickhouse, { ...first, journalId: journal.journalId }))
}

/** The object first: it is the copy that everything else can be rebuilt from. */
async function writeGroup(deps: ArchiveDeps, plan: ArchivePlan, group: EventGroup): Promise<void> {
  const parquet = encodeEvents(group.events)
  const { day, projectId } = group
  const { journalId } = deps.journal
  const key = archiveKey({ day, projectId, journalId, ...plan })
  await deps.objects.put(key, parquet)
  if (plan.isBegun && (await isInserted(deps, group))) return
  await insertEvents(deps.clickhouse, { parquet, deduplicationToken: key })
}
