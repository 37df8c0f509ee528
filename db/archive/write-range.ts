/**
 * Writes one range of a journal, or of a repricing, to the object store and to ClickHouse.
 * Invariant: the same range with the same events makes the same bytes under the same names, so that writing it again
 * after a crash anywhere overwrites itself or is recognised. The caller fixes the range before it writes.
 */
import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import { utcDay } from '../../core/period.ts'
import { holdsEvent, insertEvents } from '../clickhouse/insert-events.ts'
import type { ClickHouse } from '../clickhouse/open.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { encodeEvents } from '../parquet/encode-events.ts'
import { archiveKey } from './archive-key.ts'

export interface ArchiveStores {
  readonly clickhouse: ClickHouse
  readonly objects: Pick<ObjectStore, 'put'>
}

export interface RangeToWrite {
  readonly journalId: string
  readonly fromOffset: number
  readonly nextOffset: number
  /** Someone may have written a part of it before. */
  readonly isBegun: boolean
  /** In the order of their offsets. */
  readonly events: readonly ArchivedEvent[]
}

/** Writes at once to the stores; more only queue there. */
const GROUPS_AT_ONCE = 4

export async function writeRange(stores: ArchiveStores, range: RangeToWrite): Promise<void> {
  const groups = byGroup(range.events)
  for (let first = 0; first < groups.length; first += GROUPS_AT_ONCE) {
    await Promise.all(
      groups.slice(first, first + GROUPS_AT_ONCE).map((group) => writeGroup(stores, range, group)),
    )
  }
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

/** The object first: it is the copy that everything else can be rebuilt from. */
async function writeGroup(
  { clickhouse, objects }: ArchiveStores,
  { journalId, fromOffset, nextOffset, isBegun }: RangeToWrite,
  { day, projectId, events }: EventGroup,
): Promise<void> {
  const parquet = encodeEvents(events)
  const key = archiveKey({ day, projectId, journalId, fromOffset, nextOffset })
  await objects.put(key, parquet)
  if (isBegun && (await isInserted(clickhouse, events))) return
  await insertEvents(clickhouse, { parquet, deduplicationToken: key })
}

/**
 * Whether an earlier try has inserted the group, which ClickHouse keeps whole or not at all. It forgets tokens after so
 * many other inserts, and a process may be away for longer than that.
 */
async function isInserted(clickhouse: ClickHouse, [first]: readonly ArchivedEvent[]): Promise<boolean> {
  return first !== undefined && (await holdsEvent(clickhouse, first))
}
