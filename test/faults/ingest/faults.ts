/** Each fault: how it is done to the stage, and undone. Each ends with everything as it should be. */
import { open, readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeRecord } from '../../../ingest/journal/record.ts'
import { segmentOffsetOf } from '../../../ingest/journal/segment.ts'
import type { FaultKind } from './fault-kinds.ts'
import type { Replica } from './replica.ts'
import type { Chance } from './seeded.ts'
import type { StoreServer } from './server.ts'
import type { Stage } from './stage.ts'

export type Inflict = (stage: Stage, chance: Chance) => Promise<void>

export const FAULTS: Readonly<Record<FaultKind, Inflict>> = {
  kill: async ({ replicas }, chance) => {
    await eachOf(someOf(replicas, chance), async (replica) => {
      await replica.kill()
      await sleep(chance.below(400))
      await replica.start()
    })
  },
  restart: async ({ replicas }, chance) => {
    const replica = chance.pick([...replicas])
    await replica.end()
    await replica.start()
  },
  torn_tail: async ({ replicas }, chance) => {
    await eachOf(someOf(replicas, chance), async (replica) => {
      await replica.kill()
      await tearTail(replica.journalDir, chance)
      await replica.start()
    })
  },
  clickhouse_killed: ({ clickhouse }, chance) => killed(clickhouse, chance),
  clickhouse_cut: ({ clickhouse }, chance) => cutOff(clickhouse, chance),
  postgres_killed: ({ postgres }, chance) => killed(postgres, chance),
  postgres_cut: ({ postgres }, chance) => cutOff(postgres, chance),
  objects_gone: async ({ objects }, chance) => {
    await objects.takeAway()
    await sleep(chance.between(400, 1_500))
    await objects.putBack()
  },
  disk_full: async ({ disk }, chance) => {
    if (disk === null) throw new Error('there is no small disk')
    await disk.fill(chance.below(64 * 1024))
    await sleep(chance.between(400, 1_200))
    await disk.free()
  },
  clock_step: async ({ replicas }, chance) => {
    const stepped = someOf(replicas, chance)
    const hours = chance.pick([1, 5, 30, 9 * 24, -1, -5, -9 * 24])
    await eachOf(stepped, (replica) => replica.stepClock(hours * HOUR_MS))
    await sleep(chance.between(400, 1_200))
    await eachOf(stepped, (replica) => replica.stepClock(0))
  },
  // What is sent makes this fault, see load.ts.
  repeats: async () => {},
}

const HOUR_MS = 60 * 60 * 1000

/** One of the two, or now and then both. */
const someOf = (replicas: Stage['replicas'], chance: Chance): readonly Replica[] =>
  chance.isHit(0.3) ? replicas : [chance.pick([...replicas])]

async function eachOf(replicas: readonly Replica[], work: (replica: Replica) => Promise<void>) {
  await Promise.all(replicas.map(work))
}

async function killed(server: StoreServer, chance: Chance): Promise<void> {
  await server.kill()
  await sleep(chance.below(500))
  await server.startAgain()
}

async function cutOff(server: StoreServer, chance: Chance): Promise<void> {
  await server.cut()
  await sleep(chance.between(300, 1_200))
  await server.mend()
}

/** What a crash may leave after the last record that was synced: a part of a record, anything, or nothing but zeros. */
async function tearTail(journalDir: string, chance: Chance): Promise<void> {
  const names = (await readdir(journalDir)).filter((name) => segmentOffsetOf(name) !== null)
  const last = names.sort().at(-1)
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
