/** Where a file of archived events lies; the same name is its deduplication token in ClickHouse. */
import type { ArchivePlan } from '../../db/postgres/journal-readers.ts'

export interface ArchiveGroup {
  /** The UTC day of the events' own time. */
  readonly day: string
  readonly projectId: string
}

/** Two files never share a name: a journal's offset ranges do not overlap, and a range is archived with fixed bounds. */
export const objectKey = (group: ArchiveGroup, journalId: string, plan: ArchivePlan): string =>
  `raw/dt=${group.day}/project=${group.projectId}/${journalId}-${plan.fromOffset}-${plan.nextOffset}.parquet`
