/**
 * What a folder holds when it is opened. Every record of every segment is checked.
 * A torn tail, the end of the last segment with no whole record after it, is what a crash leaves of a write that was
 * never acknowledged: it is cut off. Damage anywhere else is copied to `corrupt/` and named in the log with the
 * offsets it took, each time the folder is opened, until its segment is released: it is never skipped in silence.
 */
import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { syncFolder } from '../../db/sync-folder.ts'
import { writeWholeFile } from './disk.ts'
import { JournalError } from './journal-error.ts'
import { decodeRecord, findRecord } from './record.ts'
import { type ByteRange, newSegment, noteRecord, type Segment, segmentOffsetOf } from './segment.ts'

export interface JournalLog {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface Recovered {
  /** In order; none if the folder is new. */
  readonly segments: Segment[]
  /** How many offsets between them, and within them, hold no event. */
  readonly eventsMissing: number
}

export async function recoverSegments(dir: string, log: JournalLog): Promise<Recovered> {
  const offsets = (await readdir(dir)).map(segmentOffsetOf).filter((offset) => offset !== null)
  const segments: Segment[] = []
  let eventsMissing = 0
  let expected = Math.min(...offsets)
  for (const offset of offsets.sort((a, b) => a - b)) {
    const segment = newSegment(dir, offset)
    if (offset < expected) throw overlap(segment, expected)
    const bytes = await readFile(segment.path)
    eventsMissing += reportMissing(
      { from: expected, until: offset },
      { segment: segment.path, position: 0 },
      log,
    )
    const { tail, missing } = await takeRecords(segment, bytes, { dir, expected: offset, log })
    eventsMissing += missing
    const isLast = offset === offsets.at(-1)
    if (isLast) await cutTornTail(segment, bytes, { dir, tail, log })
    else if (tail) await setAside(segment, bytes, { dir, damage: tail, log })
    expected = segment.endOffset
    segments.push(segment)
  }
  return { segments, eventsMissing }
}

/** Notes the good records, sets aside the damage between them; returns the damage at the end and what is missing. */
async function takeRecords(
  segment: Segment,
  bytes: Buffer,
  options: { dir: string; expected: number; log: JournalLog },
): Promise<{ readonly tail: ByteRange | null; readonly missing: number }> {
  const { dir, log } = options
  let expected = options.expected
  let position = 0
  let eventsMissing = 0
  let damagedFrom: number | null = null
  while (position < bytes.length) {
    const decoded = decodeRecord(bytes, position)
    // A record below what was already read would count its events twice: it is damage too.
    if (decoded.kind !== 'record' || decoded.record.firstOffset < expected) {
      damagedFrom ??= position
      position = findRecord(bytes, position + 1) ?? bytes.length
      continue
    }
    if (damagedFrom !== null) {
      const damage = { from: damagedFrom, until: position }
      segment.holes.push(damage)
      await setAside(segment, bytes, { dir, damage, log })
      damagedFrom = null
    }
    const missing = { from: expected, until: decoded.record.firstOffset }
    eventsMissing += reportMissing(missing, { segment: segment.path, position }, log)
    noteRecord(segment, decoded.record, { position, end: decoded.end })
    expected = segment.endOffset
    position = decoded.end
  }
  const tail = damagedFrom === null ? null : { from: damagedFrom, until: bytes.length }
  return { tail, missing: eventsMissing }
}

async function cutTornTail(
  segment: Segment,
  bytes: Buffer,
  { dir, tail, log }: { dir: string; tail: ByteRange | null; log: JournalLog },
): Promise<void> {
  const file = await open(segment.path, 'r+')
  try {
    if (tail) {
      // Kept all the same: a tail that rotted on the disk looks like one that a crash cut.
      const keptAs = await copyAside(segment, bytes, { dir, range: tail })
      await file.truncate(tail.from)
      log.warn(
        { segment: segment.path, position: tail.from, bytes: tail.until - tail.from, keptAs },
        `journal: cut ${tail.until - tail.from} bytes of an unfinished write off the end of the last segment`,
      )
    }
    // A process killed between write and sync leaves records that only the kernel's memory holds so far.
    await file.sync()
  } finally {
    await file.close()
  }
}

async function setAside(
  segment: Segment,
  bytes: Buffer,
  { dir, damage, log }: { dir: string; damage: ByteRange; log: JournalLog },
): Promise<void> {
  const keptAs = await copyAside(segment, bytes, { dir, range: damage })
  log.error(
    { segment: segment.path, position: damage.from, bytes: damage.until - damage.from, keptAs },
    `journal: damaged bytes in ${path.basename(segment.path)} set aside; reading goes on after them`,
  )
}

async function copyAside(
  segment: Segment,
  bytes: Buffer,
  { dir, range }: { dir: string; range: ByteRange },
): Promise<string> {
  const folder = path.join(dir, 'corrupt')
  await mkdir(folder, { recursive: true })
  const copy = path.join(folder, `${path.basename(segment.path)}@${range.from}`)
  await writeWholeFile(copy, bytes.subarray(range.from, range.until))
  await syncFolder(folder)
  return copy
}

/** Returns how many. */
function reportMissing(
  missing: ByteRange,
  before: { segment: string; position: number },
  log: JournalLog,
): number {
  if (missing.from >= missing.until) return 0
  log.error(
    { ...before, offsetsMissing: missing },
    `journal: acknowledged events are missing: offsets ${missing.from} to ${missing.until - 1}`,
  )
  return missing.until - missing.from
}

const overlap = (segment: Segment, expected: number): JournalError =>
  new JournalError(
    'journal_corrupt',
    `${segment.path} begins before offset ${expected}, where the segment before it ends; the journal never writes that: move the file that does not belong here away`,
  )
