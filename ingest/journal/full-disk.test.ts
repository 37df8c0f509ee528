import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anEvent, eventsFrom, numbered, openAJournal, readAll } from '../../test/ingest/a-journal.ts'
import { type JournalDisk, localDisk } from './disk.ts'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'journal-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

describe('a full journal', () => {
  it('takes nothing past its limit, keeps nothing of the batch, and goes on once readers have passed', async () => {
    const journal = await openAJournal(dir, { segmentBytesMax: 4_000, bytesMax: 12_000 })
    let accepted = 0
    while ((await journal.append([anEvent(accepted)])).kind === 'durable') accepted += 1
    expect(await journal.append(eventsFrom(accepted, 2))).toEqual({ kind: 'full', reason: 'bytes_max' })
    expect(journal.stats().bytesHeld).toBeLessThanOrEqual(12_000)
    expect(await readAll(journal)).toEqual(numbered(0, accepted))
    await journal.releaseBefore(accepted)
    expect(await journal.append([anEvent(accepted)])).toEqual({ kind: 'durable', firstOffset: accepted })
    await journal.close()
  })

  it('counts what still waits for the disk, so that a burst does not pass the limit', async () => {
    const journal = await openAJournal(dir, { segmentBytesMax: 4_000, bytesMax: 12_000 })
    const burst = await Promise.all(
      Array.from({ length: 50 }, (_, index) => journal.append([anEvent(index)])),
    )
    expect(journal.stats().bytesHeld).toBeLessThanOrEqual(12_000)
    expect(burst.filter((outcome) => outcome.kind === 'durable')).toHaveLength(journal.endOffset())
    expect(burst.at(-1)).toEqual({ kind: 'full', reason: 'bytes_max' })
    await journal.close()
  })

  it('lets no more wait for the disk than it was told', async () => {
    const journal = await openAJournal(dir, { pendingBytesMax: 5_000 })
    const burst = Promise.all(Array.from({ length: 50 }, (_, index) => journal.append([anEvent(index)])))
    expect(journal.stats().bytesPending).toBeLessThanOrEqual(5_000)
    expect((await burst).at(-1)).toEqual({ kind: 'full', reason: 'pending' })
    expect(journal.stats().bytesPending).toBe(0)
    await journal.close()
  })
})

describe('a disk that fails', () => {
  it('without space: keeps nothing of the write, even if half of it went through, and goes on when there is space', async () => {
    const disk = failing({ write: 'ENOSPC', afterBytes: 300 })
    const journal = await openAJournal(dir, { disk })
    await journal.append([anEvent(0)])
    const before = await readFile(path.join(dir, '0000000000000000.journal'))
    disk.fail(true)
    expect(await journal.append(eventsFrom(1, 2))).toEqual({ kind: 'full', reason: 'no_space' })
    expect(await readFile(path.join(dir, '0000000000000000.journal'))).toEqual(before)
    disk.fail(false)
    expect(await journal.append([anEvent(1)])).toEqual({ kind: 'durable', firstOffset: 1 })
    await journal.close()
    const reopened = await openAJournal(dir)
    expect(reopened.lines).toEqual([])
    expect(await readAll(reopened)).toEqual(numbered(0, 2))
    await reopened.close()
  })

  it.each([{ write: 'EIO', afterBytes: 300 } as const, { sync: 'EIO' } as const])(
    'for good: acknowledges nothing from then on, and loses nothing from before: %o',
    async (failure) => {
      const disk = failing(failure)
      const journal = await openAJournal(dir, { disk })
      await journal.append([anEvent(0)])
      disk.fail(true)
      const both = await Promise.allSettled([journal.append([anEvent(1)]), journal.append([anEvent(2)])])
      expect(both.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
      disk.fail(false)
      await expect(journal.append([anEvent(1)])).rejects.toMatchObject({ code: 'journal_broken' })
      expect(journal.lines.map((line) => line.level)).toEqual(['error'])
      expect(await readAll(journal)).toEqual(numbered(0, 1))
      await journal.close()
      const reopened = await openAJournal(dir)
      expect(await readAll(reopened)).toEqual(numbered(0, 1))
      await reopened.close()
    },
  )

  it('writing in small pieces: keeps records whole', async () => {
    const write: JournalDisk['write'] = (file, bytes, position) =>
      localDisk.write(file, bytes.subarray(0, 100), position)
    const journal = await openAJournal(dir, { disk: { ...localDisk, write } })
    await journal.append(eventsFrom(0, 5))
    expect(await readAll(journal)).toEqual(numbered(0, 5))
    await journal.close()
  })
})

type Failure = { readonly write: string; readonly afterBytes: number } | { readonly sync: string }

/** The real disk, which fails as told while `fail(true)` holds. */
function failing(failure: Failure): JournalDisk & { fail(on: boolean): void } {
  let on = false
  return {
    ...localDisk,
    fail: (value) => {
      on = value
    },
    write: async (file, bytes, position) => {
      if (!on || !('write' in failure)) return await localDisk.write(file, bytes, position)
      await localDisk.write(file, bytes.subarray(0, failure.afterBytes), position)
      throw Object.assign(new Error('write failed'), { code: failure.write })
    },
    sync: async (file) => {
      if (on && 'sync' in failure) throw Object.assign(new Error('sync failed'), { code: failure.sync })
      await localDisk.sync(file)
    },
  }
}
