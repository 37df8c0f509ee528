/**
 * Writes one range of a journal, or of a repricing, to the object store and to ClickHouse.
 * Invariant: the same range with the same events makes the same bytes under the same names, so that writing it again
 * after a crash anywhere overwrites itself or is recognised. The caller fixes the range before it writes.
 */
import { utcDay } from '../../core/period.ts'
import { holdsEvent, insertEvents } from '../clickhouse/insert-events.ts'
import type { ClickHouse } from '../clickhouse/open.ts'
import { type RowHead, readHead } from '../event-rows/row-head.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { archiveKey } from './archive-key.ts'
import { encodeParquet } from './encode-parquet.ts'

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
  /** Rows of encodeRows, each at its place, in the order of their offsets. */
  readonly rows: readonly Buffer[]
}

/** Writes at once to the stores; more only queue there. */
const GROUPS_AT_ONCE = 4

export async function writeRange(stores: ArchiveStores, range: RangeToWrite): Promise<void> {
  const groups = byGroup(range.rows)
  for (let first = 0; first < groups.length; first += GROUPS_AT_ONCE) {
    await Promise.all(
      groups.slice(first, first + GROUPS_AT_ONCE).map((group) => writeGroup(stores, range, group)),
    )
  }
}

interface RowGroup {
  /** The UTC day of the events' own time. */
  readonly day: string
  readonly projectId: string
  readonly first: RowHead
  readonly rows: Buffer[]
}

const DAY_MS = 24 * 60 * 60 * 1000

/** One group a day and project, each in the order of the journal. */
function byGroup(rows: readonly Buffer[]): RowGroup[] {
  const groups = new Map<string, RowGroup>()
  for (const row of rows) {
    const head = readHead(row)
    const { projectId, ts } = head
    const name = `${Math.floor(ts.getTime() / DAY_MS)}/${projectId}`
    const group = groups.get(name)
    if (group) group.rows.push(row)
    else groups.set(name, { day: utcDay(ts), projectId, first: head, rows: [row] })
  }
  return [...groups.values()]
}

/** The object first: it is the copy that everything else can be rebuilt from. */
async function writeGroup(
  { clickhouse, objects }: ArchiveStores,
  { journalId, fromOffset, nextOffset, isBegun }: RangeToWrite,
  { day, projectId, first, rows }: RowGroup,
): Promise<void> {
  const parquet = await encodeParquet(clickhouse, rows)
  const key = archiveKey({ day, projectId, journalId, fromOffset, nextOffset })
  await objects.put(key, parquet)
  // An earlier try inserted the group whole or not at all. ClickHouse forgets tokens after so many other inserts, and a
  // process may be away for longer than that.
  if (isBegun && (await holdsEvent(clickhouse, { ...first, journalId }))) return
  await insertEvents(clickhouse, { parquet, deduplicationToken: key })
}
