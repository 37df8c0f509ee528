import { copyFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anEvent, eventsFrom, numbered, openAJournal, readAll } from '../../test/ingest/a-journal.ts'

let dir: string
let written: string

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'journal-'))
  written = path.join(dir, 'written')
})

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

describe('a journal whose last write was cut off', () => {
  it('holds everything acknowledged before and nothing of the last write, wherever it was cut', async () => {
    const segment = await write([3, 1])
    const whole = await readFile(segment)
    const acknowledged = (await readFile(await write([3], 'shorter'))).length
    const lengths = Array.from({ length: whole.length - acknowledged }, (_, index) => acknowledged + index)
    // Side by side, each in a folder of its own: the time goes into syncs.
    const folders = Array.from({ length: 8 }, async () => {
      const opened = await mkdtemp(path.join(dir, 'opened-'))
      await copyFile(path.join(written, 'journal-id'), path.join(opened, 'journal-id'))
      for (let length = lengths.pop(); length !== undefined; length = lengths.pop()) {
        await writeFile(path.join(opened, path.basename(segment)), whole.subarray(0, length))
        const journal = await openAJournal(opened)
        expect(await readAll(journal)).toEqual(numbered(0, 3))
        expect(journal.lines.map((line) => line.details)).toMatchObject(
          length === acknowledged ? [] : [{ position: acknowledged, bytes: length - acknowledged }],
        )
        await journal.close()
      }
    })
    await Promise.all(folders)
  }, 120_000)

  it('goes on at the next offset, and stays whole', async () => {
    const segment = await write([3, 2])
    await truncate(segment, (await readFile(segment)).length - 1)
    const journal = await openAJournal(written)
    expect(journal.lines.map((line) => line.level)).toEqual(['warn'])
    expect(await journal.append(eventsFrom(3, 4))).toEqual({ kind: 'durable', firstOffset: 3 })
    // Nobody was told that they were taken.
    expect(journal.stats().eventsMissing).toBe(0)
    await journal.close()
    const reopened = await openAJournal(written)
    expect(await readAll(reopened)).toEqual(numbered(0, 7))
    expect(reopened.lines).toEqual([])
    await reopened.close()
  })

  it('takes zeroes that a power cut left at the end for no record', async () => {
    const segment = await write([3])
    const whole = await readFile(segment)
    await writeFile(segment, Buffer.concat([whole, Buffer.alloc(5_000)]))
    const journal = await openAJournal(written)
    expect(await readAll(journal)).toEqual(numbered(0, 3))
    expect((await readFile(segment)).length).toBe(whole.length)
    await journal.close()
  })
})

describe('a journal that rotted on the disk', () => {
  it('sets the damage aside, names what is missing, and reads what follows, whichever byte it was', async () => {
    const segment = await write([1, 2, 3])
    const whole = await readFile(segment)
    const from = (await readFile(await write([1], 'shorter'))).length
    const until = (await readFile(await write([1, 2], 'longer'))).length
    for (let position = from; position < until; position += position < from + 30 ? 1 : 97) {
      const opened = await mkdtemp(path.join(dir, 'opened-'))
      await cp(written, opened, { recursive: true })
      await writeFile(path.join(opened, path.basename(segment)), flipped(whole, position))
      const journal = await openAJournal(opened)
      expect(await readAll(journal)).toEqual([...numbered(0, 1), ...numbered(3, 6)])
      expect(journal.lines).toMatchObject([
        { level: 'error', details: { position: from, bytes: until - from } },
        { level: 'error', details: { offsetsMissing: { from: 1, until: 3 } } },
      ])
      expect(journal.stats().eventsMissing).toBe(2)
      const [kept] = await readdir(path.join(opened, 'corrupt'))
      expect(await readFile(path.join(opened, 'corrupt', kept ?? ''))).toEqual(
        flipped(whole, position).subarray(from, until),
      )
      expect(await journal.append([anEvent(6)])).toEqual({ kind: 'durable', firstOffset: 6 })
      expect((await readAll(journal)).at(-1)).toEqual({ offset: 6, requestId: '6' })
      await journal.close()
    }
  }, 60_000)

  it('names what the end of a closed segment lost', async () => {
    const [first] = await writeSegments()
    const whole = await readFile(first ?? '')
    await writeFile(first ?? '', flipped(whole, whole.length - 5))
    const journal = await openAJournal(written, SMALL)
    expect((await readFile(first ?? '')).length).toBe(whole.length)
    expect(journal.lines).toMatchObject([
      { level: 'error', details: { segment: first } },
      { level: 'error', details: { offsetsMissing: { from: 3, until: 4 } } },
    ])
    expect(journal.stats().eventsMissing).toBe(1)
    expect(await readAll(journal)).toEqual([...numbered(0, 3), ...numbered(4, 12)])
    await journal.close()
  })

  it('names a segment that is gone', async () => {
    const [, second] = await writeSegments()
    await rm(second ?? '')
    const journal = await openAJournal(written, SMALL)
    expect(journal.lines).toMatchObject([
      { level: 'error', details: { offsetsMissing: { from: 4, until: 8 } } },
    ])
    expect(journal.stats().eventsMissing).toBe(4)
    expect(await readAll(journal)).toEqual([...numbered(0, 4), ...numbered(8, 12)])
    await journal.close()
  })

  it('refuses to read, and gives out nothing false, if it rots while it is open', async () => {
    const segment = await write([3])
    const journal = await openAJournal(written)
    const whole = await readFile(segment)
    await writeFile(segment, flipped(whole, 8))
    await expect(readAll(journal)).rejects.toMatchObject({ code: 'journal_corrupt' })
    await writeFile(segment, flipped(whole, whole.length - 9))
    await expect(readAll(journal)).rejects.toMatchObject({ code: 'journal_corrupt' })
    await journal.close()
  })
})

/** Four events of one size fill a segment. */
const SMALL = { segmentBytesMax: 1_500, bytesMax: 1_000_000 }

/** Appends batches of the given sizes to a new journal and returns the path of its one segment. */
async function write(counts: readonly number[], name = 'written'): Promise<string> {
  const journal = await openAJournal(path.join(dir, name))
  for (const count of counts) await journal.append(eventsFrom(journal.endOffset(), count))
  await journal.close()
  return path.join(dir, name, '0000000000000000.journal')
}

async function writeSegments(): Promise<string[]> {
  const journal = await openAJournal(written, SMALL)
  for (let number = 0; number < 12; number += 1) await journal.append([anEvent(number)])
  await journal.close()
  const names = (await readdir(written)).filter((name) => name.endsWith('.journal')).sort()
  expect(names).toHaveLength(3)
  return names.map((name) => path.join(written, name))
}

function flipped(bytes: Buffer, position: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[position] = (copy[position] ?? 0) ^ 0x10
  return copy
}
