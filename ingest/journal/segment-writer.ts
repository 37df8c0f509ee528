/**
 * Writes records, one at a time, to the last segment. Invariant: a record is noted in its segment only after it is
 * synced, and what a failed write left is cut off before anything else is written, so that no whole record ever
 * follows a half one.
 */
import { type FileHandle, open, rm } from 'node:fs/promises'
import path from 'node:path'
import type { EncodedRows } from '../../db/event-rows/encode-rows.ts'
import { syncFolder } from '../../db/sync-folder.ts'
import { isNoSpace, type JournalDisk } from './disk.ts'
import type { JournalChange } from './journal-change.ts'
import { encodeRecord } from './record.ts'
import { newSegment, noteRecord, type Segment } from './segment.ts'

export interface SegmentWriter {
  /** `no_space`: nothing of it is kept and writing may be tried again. Throws when the file can be trusted no more. */
  write(appends: readonly EncodedRows[]): Promise<'durable' | 'no_space'>
  close(): Promise<void>
}

export interface SegmentWriterOptions {
  readonly dir: string
  /** The last of these is written to; new ones are appended here. */
  readonly segments: Segment[]
  readonly segmentBytesMax: number
  readonly disk: JournalDisk
  readonly onChange: (change: JournalChange) => void
}

export async function openSegmentWriter(options: SegmentWriterOptions, at: Segment): Promise<SegmentWriter> {
  const { dir, segments, segmentBytesMax, disk, onChange } = options
  let segment = at
  let file = await open(at.path, 'r+')

  async function rotate(): Promise<void> {
    const next = await createSegment(dir, segment.endOffset)
    const nextFile = await open(next.path, 'r+')
    await file.close()
    segments.push(next)
    segment = next
    file = nextFile
    onChange({ kind: 'rotated', segment: next })
  }

  return {
    write: async (appends) => {
      const eventCount = appends.reduce((sum, { lengths }) => sum + lengths.length, 0)
      const position = { firstOffset: segment.endOffset, eventCount }
      const record = encodeRecord(position.firstOffset, appends)
      try {
        if (segment.bytes > 0 && segment.bytes + record.length > segmentBytesMax) await rotate()
        await writeAll(disk, file, { bytes: record, position: segment.bytes })
      } catch (error) {
        await disk.truncate(file, segment.bytes)
        if (isNoSpace(error)) return 'no_space'
        throw error
      }
      try {
        await disk.sync(file)
      } catch (error) {
        // After a failed sync the kernel may drop the bytes and yet show them: they must not be found at the next start.
        // If they cannot be cut off either, the sync's error is still the one to tell.
        await disk.truncate(file, segment.bytes).catch(() => undefined)
        throw error
      }
      const place = { position: segment.bytes, end: segment.bytes + record.length }
      noteRecord(segment, position, place)
      onChange({ kind: 'recorded', record: position, place })
      return 'durable'
    },
    close: () => file.close(),
  }
}

/** Makes an empty segment whose name is durable. */
export async function createSegment(dir: string, firstOffset: number): Promise<Segment> {
  const segment = newSegment(dir, firstOffset)
  const file = await open(segment.path, 'wx', 0o600)
  await file.close()
  try {
    await syncFolder(path.dirname(segment.path))
  } catch (error) {
    await rm(segment.path, { force: true })
    throw error
  }
  return segment
}

async function writeAll(
  disk: JournalDisk,
  file: FileHandle,
  { bytes, position }: { bytes: Buffer; position: number },
): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const count = await disk.write(file, bytes.subarray(written), position + written)
    if (count === 0) throw new Error('the disk took no byte of a write')
    written += count
  }
}
