import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anEvent, eventsFrom, numbered, openAJournal, readAll } from '../../test/ingest/a-journal.ts'
import { recordOfForm1 } from '../../test/ingest/form-1.ts'
import { journaledFrom, KEEP_ALL } from '../../test/ingest/journaled.ts'
import { localDisk } from './disk.ts'
import type { Commit } from './group-commit.ts'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'journal-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

describe('the journal', () => {
  it('gives back every event once and in order, however appended, read, rotated and reopened', async () => {
    const batches = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 12 })
    const limits = fc.record({
      eventsMax: fc.integer({ min: 1, max: 20 }),
      bytesMax: fc.integer({ min: 1, max: 9_000 }),
    })
    const sizes = fc.record({ segmentBytesMax: fc.integer({ min: 1, max: 20_000 }), reopen: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(batches, limits, sizes, async (counts, readLimits, { segmentBytesMax, reopen }) => {
        const folder = await mkdtemp(path.join(dir, 'run-'))
        let journal = await openAJournal(folder, { segmentBytesMax })
        let total = 0
        for (const count of counts) {
          const outcome = await journal.append(eventsFrom(total, count))
          expect(outcome).toEqual({ kind: 'durable', firstOffset: total })
          total += count
        }
        if (reopen) {
          await journal.close()
          journal = await openAJournal(folder, { segmentBytesMax })
        }
        const read = []
        while (read.length < total) {
          const part = await journaledFrom(journal, read.length, readLimits)
          expect(part.length).toBeGreaterThan(0)
          expect(part.length).toBeLessThanOrEqual(readLimits.eventsMax)
          read.push(...part)
        }
        expect(journal.endOffset()).toBe(total)
        expect(read).toEqual(eventsFrom(0, total).map((event, offset) => ({ offset, event })))
        await journal.close()
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('reads records far larger than what it reads at a time', async () => {
    const journal = await openAJournal(dir, { segmentBytesMax: 4_000_000 })
    const wide = Array.from({ length: 40 }, (_, index) => anEvent(index, { metadata: 'é'.repeat(20_000) }))
    await journal.append(wide)
    await journal.append([anEvent(40)])
    expect(await readAll(journal)).toEqual(numbered(0, 41))
    expect(await journal.read(39, { eventsMax: 2, bytesMax: 1 })).toHaveLength(1)
    await journal.close()
  })

  it('serves many requests that wait with few syncs, each with its own offset', async () => {
    let syncs = 0
    const sync: typeof localDisk.sync = async (file) => {
      syncs += 1
      await localDisk.sync(file)
    }
    const commits: Commit[] = []
    const onCommit = (commit: Commit) => void commits.push(commit)
    const journal = await openAJournal(dir, { disk: { ...localDisk, sync }, onCommit })
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, index) => journal.append([anEvent(index)])),
    )
    expect(syncs).toBeLessThan(5)
    expect(commits).toHaveLength(syncs)
    expect(commits.reduce((sum, { events }) => sum + events, 0)).toBe(500)
    expect(outcomes).toEqual(numbered(0, 500).map(({ offset }) => ({ kind: 'durable', firstOffset: offset })))
    expect(await readAll(journal)).toEqual(numbered(0, 500))
    await journal.close()
  })

  it('shows an event to readers and to its sender only once it is synced', async () => {
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const sync: typeof localDisk.sync = async (file) => {
      await held
      await localDisk.sync(file)
    }
    const journal = await openAJournal(dir, { disk: { ...localDisk, sync } })
    let acknowledged = false
    const append = journal.append([anEvent(0)]).then(() => {
      acknowledged = true
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect({ acknowledged, end: journal.endOffset(), read: await readAll(journal) }).toEqual({
      acknowledged: false,
      end: 0,
      read: [],
    })
    goOn()
    await append
    expect(await readAll(journal)).toEqual(numbered(0, 1))
    await journal.close()
  })

  it('keeps its id over reopening, and refuses segments that lost it', async () => {
    const first = await openAJournal(dir)
    await first.append([anEvent(0)])
    await first.close()
    const second = await openAJournal(dir)
    expect(second.journalId).toBe(first.journalId)
    await second.close()
    await rm(path.join(dir, 'journal-id'))
    await expect(openAJournal(dir)).rejects.toMatchObject({ code: 'journal_id_missing' })
  })

  it('is open once: a second opener is told who has it, and gets it after a close', async () => {
    const first = await openAJournal(dir)
    await expect(openAJournal(dir)).rejects.toMatchObject({
      code: 'journal_in_use',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    await first.close()
    await (await openAJournal(dir)).close()
  })

  it('finishes what is pending when it closes, and refuses what comes later', async () => {
    const journal = await openAJournal(dir)
    const pending = Array.from({ length: 20 }, (_, index) => journal.append([anEvent(index)]))
    const waiting = journal.waitForMore(1_000, { timeoutMs: 60_000 })
    const closing = journal.close()
    await expect(journal.append([anEvent(99)])).rejects.toMatchObject({ code: 'journal_closed' })
    expect((await Promise.all(pending)).every((outcome) => outcome.kind === 'durable')).toBe(true)
    await closing
    await waiting
    const reopened = await openAJournal(dir)
    expect(await readAll(reopened)).toEqual(numbered(0, 20))
    await reopened.close()
  })

  it('deletes whole segments that every reader has passed, and nothing else', async () => {
    const journal = await openAJournal(dir, { segmentBytesMax: 4_000 })
    for (let number = 0; number < 40; number += 1) await journal.append([anEvent(number)])
    const held = journal.stats().bytesHeld
    await journal.releaseBefore(21)
    expect(journal.startOffset()).toBeGreaterThan(10)
    expect(journal.startOffset()).toBeLessThanOrEqual(21)
    expect(journal.stats().bytesHeld).toBeLessThan(held)
    expect(await readAll(journal)).toEqual(numbered(journal.startOffset(), 40))
    await expect(journal.read(0, KEEP_ALL)).rejects.toMatchObject({ code: 'journal_offset_released' })
    await journal.releaseBefore(40)
    expect((await readdir(dir)).filter((name) => name.endsWith('.journal'))).toHaveLength(1)
    await journal.close()
    const reopened = await openAJournal(dir, { segmentBytesMax: 4_000 })
    expect(await reopened.append([anEvent(40)])).toEqual({ kind: 'durable', firstOffset: 40 })
    expect(reopened.lines).toEqual([])
    await reopened.close()
  })

  it('never gives an offset twice that a reader has already stored, even from an older copy of its folder', async () => {
    const journal = await openAJournal(dir)
    await journal.append(eventsFrom(0, 3))
    await expect(journal.read(7, KEEP_ALL)).rejects.toMatchObject({ code: 'journal_offset_ahead' })
    await journal.close()
    const restored = await openAJournal(dir, { endOffsetMin: 7 })
    expect(restored.lines.map((line) => line.level)).toEqual(['error'])
    expect(await restored.append([anEvent(7)])).toEqual({ kind: 'durable', firstOffset: 7 })
    expect(await readAll(restored)).toEqual([...numbered(0, 3), ...numbered(7, 8)])
    await restored.close()
  })

  it('refuses a batch that could not be read back, and goes on', async () => {
    const journal = await openAJournal(dir)
    const bad = [anEvent(0), anEvent(1, { latencyMs: Number.NaN })]
    await expect(journal.append(bad)).rejects.toMatchObject({ code: 'event_unwritable' })
    await journal.append([anEvent(0)])
    expect(await readAll(journal)).toEqual(numbered(0, 1))
    await journal.close()
  })
})

describe('a journal that a version before began', () => {
  it('is read on from where it was, and written on in the form of today', async () => {
    const old = [recordOfForm1(0, eventsFrom(0, 3)), recordOfForm1(3, eventsFrom(3, 2))]
    await (await openAJournal(dir)).close()
    await writeFile(path.join(dir, '0000000000000000.journal'), Buffer.concat(old))
    const journal = await openAJournal(dir)
    expect(await journal.append(eventsFrom(5, 4))).toEqual({ kind: 'durable', firstOffset: 5 })
    for (const fromOffset of [0, 2, 4, 5, 8]) {
      const expected = eventsFrom(fromOffset, 9 - fromOffset)
      expect((await journaledFrom(journal, fromOffset)).map(({ event }) => event)).toEqual(expected)
    }
    await journal.close()
    const reopened = await openAJournal(dir)
    expect([await readAll(reopened), reopened.lines]).toEqual([numbered(0, 9), []])
    await reopened.close()
  })
})

describe('a reader that waits', () => {
  it('goes on when there is more, and not before', async () => {
    const journal = await openAJournal(dir)
    await journal.waitForMore(0, { timeoutMs: 1 })
    expect(journal.endOffset()).toBe(0)
    let woken = false
    const waiting = journal.waitForMore(1, { timeoutMs: 60_000 }).then(() => {
      woken = true
    })
    await journal.append([anEvent(0)])
    await new Promise((resolve) => setImmediate(resolve))
    expect(woken).toBe(false)
    await journal.append([anEvent(1)])
    await waiting
    await journal.waitForMore(0, { timeoutMs: 60_000 })
    await journal.close()
  })

  it('goes on when it is told to stop', async () => {
    const journal = await openAJournal(dir)
    const stop = new AbortController()
    const waiting = journal.waitForMore(0, { timeoutMs: 60_000, signal: stop.signal })
    stop.abort()
    await waiting
    await journal.waitForMore(0, { timeoutMs: 60_000, signal: stop.signal })
    expect(journal.endOffset()).toBe(0)
    await journal.close()
  })
})
