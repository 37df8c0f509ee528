/**
 * The journal: where an event is durable before anybody is told that it was accepted. Append-only, local, read by
 * offset, the dense 0-based number of an event in this journal.
 * Invariant: an acknowledged event is read back at its offset, in order and once, after any crash.
 */
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { type EncodedRows, encodeRows, UnwritableEvent } from '../../db/event-rows/encode-rows.ts'
import { lockFolder } from '../../db/folder-lock.ts'
import { syncFolder } from '../../db/sync-folder.ts'
import { type JournalDisk, localDisk } from './disk.ts'
import { type AppendOutcome, buildGroupCommit, type Commit, recordBytes } from './group-commit.ts'
import type { JournalChange } from './journal-change.ts'
import { JournalError } from './journal-error.ts'
import { openJournalId } from './journal-id.ts'
import { type ReadLimits, readRows } from './read-rows.ts'
import { type JournalLog, recoverSegments } from './recover.ts'
import type { JournaledRow } from './rows-of-record.ts'
import type { Segment } from './segment.ts'
import { createSegment, openSegmentWriter } from './segment-writer.ts'
import { buildWaiters } from './waiters.ts'

export interface Journal {
  /** Made once, kept in the folder. */
  readonly journalId: string
  /** Durable when it resolves so; on `full` nothing of the batch is kept. Rejects with a JournalError otherwise. */
  append(events: readonly PricedEvent[]): Promise<AppendOutcome>
  /** Durable events from `fromOffset` on; at least one if there is any, however large. */
  read(fromOffset: number, limits: ReadLimits): Promise<readonly JournaledRow[]>
  /** One past the last durable event. */
  endOffset(): number
  /** The first offset still held. */
  startOffset(): number
  /** Resolves when `endOffset() > fromOffset`, at the timeout, at the abort, or when the journal closes. */
  waitForMore(fromOffset: number, options: { timeoutMs: number; signal?: AbortSignal }): Promise<void>
  /** Every reader has passed `offset`: deletes the closed segments that lie wholly below it. */
  releaseBefore(offset: number): Promise<void>
  /** The segments as they are now, and every change from now on; one at a time may follow. */
  follow(hear: (change: JournalChange) => void): readonly Segment[]
  /** For health and metrics. */
  stats(): JournalStats
  /** Finishes pending appends, then closes. */
  close(): Promise<void>
}

export interface JournalStats {
  readonly bytesHeld: number
  /** What waits for the disk. */
  readonly bytesPending: number
  /** Acknowledged events that were damaged or gone when it was opened. */
  readonly eventsMissing: number
}

export interface JournalOptions {
  readonly dir: string
  readonly segmentBytesMax: number
  /** At least twice `segmentBytesMax`, so that there is always a closed segment to release. */
  readonly bytesMax: number
  readonly log: JournalLog
  /** How much may wait for the disk in memory. */
  readonly pendingBytesMax?: number
  /** The furthest position any reader has stored: offsets below it are never given out again. */
  readonly endOffsetMin?: number
  readonly disk?: JournalDisk
  /** Told of every write that is on disk. */
  readonly onCommit?: (commit: Commit) => void
}

const PENDING_BYTES_MAX = 32 * 1024 * 1024

export async function openJournal(options: JournalOptions): Promise<Journal> {
  if (options.bytesMax < 2 * options.segmentBytesMax) {
    throw new RangeError('bytesMax of the journal must be at least twice segmentBytesMax')
  }
  await mkdir(options.dir, { recursive: true })
  await syncFolder(path.dirname(path.resolve(options.dir)))
  const lock = await lockFolder(options.dir)
  if (lock.kind === 'held') {
    throw new JournalError(
      'journal_in_use',
      `the journal in ${options.dir} is in use by ${lock.by}; stop that process, or use another folder`,
    )
  }
  try {
    return await openLocked(options, lock.release)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openLocked(options: JournalOptions, unlock: () => Promise<void>): Promise<Journal> {
  const { dir, log, disk = localDisk, pendingBytesMax = PENDING_BYTES_MAX } = options
  const { onCommit = () => undefined } = options
  const journalId = await openJournalId(dir)
  const { segments, eventsMissing } = await recoverSegments(dir, log)
  const last = await lastSegment(segments, options)
  let follower: (change: JournalChange) => void = () => undefined
  const onChange = (change: JournalChange) => follower(change)
  const writer = await openSegmentWriter({ ...options, segments, disk, onChange }, last)
  const endOffset = () => segments.at(-1)?.endOffset ?? last.endOffset
  const bytesHeld = () => segments.reduce((sum, segment) => sum + segment.bytes, 0)
  const waiters = buildWaiters(endOffset)
  const commits = buildGroupCommit({
    ...{ writer, endOffset, onCommit, log },
    onDurable: () => waiters.wake(endOffset()),
  })
  let closing: Promise<void> | null = null

  async function finish(): Promise<void> {
    await commits.drain()
    waiters.wake(Number.POSITIVE_INFINITY)
    await writer.close()
    await unlock()
  }

  return {
    journalId,
    append: async (events) => {
      if (closing !== null) throw closed()
      if (events.length === 0) return { kind: 'durable', firstOffset: endOffset() }
      const rows = encode(journalId, events)
      const pending = commits.pendingBytes() + recordBytes(rows)
      if (bytesHeld() + pending > options.bytesMax) {
        return { kind: 'full', reason: 'bytes_max' }
      }
      if (pending > pendingBytesMax) return { kind: 'full', reason: 'pending' }
      return await commits.append(rows)
    },
    read: async (fromOffset, limits) => {
      if (closing !== null) throw closed()
      return await readRows({ journalId, segments }, fromOffset, limits)
    },
    endOffset,
    startOffset: () => segments[0]?.firstOffset ?? endOffset(),
    waitForMore: async (fromOffset, wait) => {
      if (closing === null) await waiters.wait(fromOffset, wait)
    },
    releaseBefore: async (offset) => {
      if (closing !== null) throw closed()
      if (await releaseBefore(segments, offset, dir)) onChange({ kind: 'released', beforeOffset: offset })
    },
    follow: (hear) => {
      follower = hear
      return segments
    },
    stats: () => ({ bytesHeld: bytesHeld(), bytesPending: commits.pendingBytes(), eventsMissing }),
    close: () => {
      closing ??= finish()
      return closing
    },
  }
}

/** The segment to write to: what was recovered, or a new one at the first offset that is safe to give out. */
async function lastSegment(segments: Segment[], options: JournalOptions): Promise<Segment> {
  const last = segments.at(-1)
  const endOffset = last?.endOffset ?? 0
  const { endOffsetMin = 0, segmentBytesMax, dir, log } = options
  if (last && endOffset >= endOffsetMin && last.bytes < segmentBytesMax) return last
  if (last && endOffset < endOffsetMin) {
    log.error(
      { endOffset, endOffsetMin },
      `journal: it ends at offset ${endOffset}, but a reader has read up to ${endOffsetMin}; it goes on from there`,
    )
  }
  const next = await createSegment(dir, Math.max(endOffset, endOffsetMin))
  segments.push(next)
  return next
}

/** Oldest first, each made durable before the next, so that a crash leaves no gap. False when there was nothing. */
async function releaseBefore(segments: Segment[], offset: number, dir: string): Promise<boolean> {
  const released = segments.slice(0, -1).filter((segment) => segment.endOffset <= offset)
  for (const segment of released) {
    await rm(segment.path, { force: true })
    await syncFolder(dir)
    const index = segments.indexOf(segment)
    if (index !== -1) segments.splice(index, 1)
  }
  return released.length > 0
}

function encode(journalId: string, events: readonly PricedEvent[]): EncodedRows {
  try {
    return encodeRows(journalId, events)
  } catch (error) {
    if (!(error instanceof UnwritableEvent)) throw error
    throw new JournalError('event_unwritable', error.message, { cause: error })
  }
}

const closed = (): JournalError =>
  new JournalError('journal_closed', 'the journal is closed; open it again to use it')
