/** What a journal's folder may look like after a crash: with an end that was never finished, or short of all that was not synced. */
import { open, readdir, readFile, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import { encodeRecord } from '../../../ingest/journal/record.ts'
import { segmentOffsetOf } from '../../../ingest/journal/segment.ts'
import type { Replica } from './replica.ts'
import type { Chance } from './seeded.ts'

type Files = Pick<Replica, 'journalDir' | 'syncedFile'>

/** What a crash may leave after the last record that was synced: a part of a record, anything, or nothing but zeros. */
export async function tearTail({ journalDir }: Files, chance: Chance): Promise<void> {
  const last = (await segmentsOf(journalDir)).at(-1)
  if (last === undefined) return
  const file = await open(path.join(journalDir, last), 'a')
  try {
    await file.write(tornBytes(chance))
  } catch (error) {
    // The disk may be full, which is a torn tail of its own.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    await file.close()
  }
}

/** Takes away what a machine may lose with its power: of each segment a part of what was written and never synced, or all. */
export async function loseUnsynced({ journalDir, syncedFile }: Files, chance: Chance): Promise<void> {
  const synced = new Map<string, number>()
  for (const line of (await readFile(syncedFile, 'utf8')).split('\n')) {
    const [name = '', bytes] = line.split(' ')
    synced.set(name, Number(bytes))
  }
  for (const name of await segmentsOf(journalDir)) {
    const file = path.join(journalDir, name)
    const { size } = await stat(file)
    const safe = synced.get(name) ?? 0
    if (size > safe) await truncate(file, safe + (chance.isHit(0.5) ? 0 : chance.below(size - safe)))
  }
}

const segmentsOf = async (journalDir: string): Promise<string[]> =>
  (await readdir(journalDir)).filter((name) => segmentOffsetOf(name) !== null).sort()

function tornBytes(chance: Chance): Buffer {
  const size = chance.between(1, 4_000)
  const record = () =>
    encodeRecord(chance.below(1e6), [{ bytes: Buffer.alloc(8_000, '{'), lengths: Uint32Array.of(8_000) }])
  return chance.pick([
    () => record().subarray(0, size),
    () => Buffer.from(Array.from({ length: size }, () => chance.below(256))),
    () => Buffer.alloc(size),
  ])()
}
