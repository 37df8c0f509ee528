/**
 * How an archive file is named: by the UTC day and the project of its events, and by the range of the journal it holds.
 * Invariant: the same range has the same name, so that writing it again replaces it by itself. The name is also the
 * deduplication token in ClickHouse.
 */
export interface ArchivedRange {
  /** `2026-11-23`, as core/period.ts's utcDay gives it. */
  readonly day: string
  readonly projectId: string
  readonly journalId: string
  readonly fromOffset: number
  readonly nextOffset: number
}

/** Wide enough for any offset below 2^53, so that names sort as offsets do. */
const OFFSET_DIGITS = 16

const NAME = /^raw\/dt=(\d{4}-\d{2}-\d{2})\/project=([^/]+)\/([^/]+)-(\d{16})-(\d{16})\.parquet$/

export const archiveKey = ({ day, projectId, journalId, fromOffset, nextOffset }: ArchivedRange): string =>
  `raw/dt=${day}/project=${projectId}/${journalId}-${digits(fromOffset)}-${digits(nextOffset)}.parquet`

/** Null for what is not the name of an archive file. */
export function parseArchiveKey(key: string): ArchivedRange | null {
  const [, day, projectId, journalId, from, next] = NAME.exec(key) ?? []
  if (!day || !projectId || !journalId || !from || !next) return null
  return { day, projectId, journalId, fromOffset: Number(from), nextOffset: Number(next) }
}

const digits = (offset: number): string => String(offset).padStart(OFFSET_DIGITS, '0')
