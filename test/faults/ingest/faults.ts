/** Each fault: how it is done to the stage, and undone. Each ends with everything as it should be. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultKind } from './fault-kinds.ts'
import type { Replica } from './replica.ts'
import type { Chance } from './seeded.ts'
import type { StoreServer } from './server.ts'
import type { Stage } from './stage.ts'
import { loseUnsynced, tearTail } from './torn-journal.ts'

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
      await tearTail(replica, chance)
      await replica.start()
    })
  },
  power_cut: async ({ replicas }, chance) => {
    await eachOf(someOf(replicas, chance), async (replica) => {
      await replica.kill()
      await loseUnsynced(replica, chance)
      await replica.start()
    })
  },
  clickhouse_killed: ({ clickhouse }, chance) => killed(clickhouse, chance),
  clickhouse_cut: ({ clickhouse }, chance) => cutOff(clickhouse, chance),
  clickhouse_slow: ({ clickhouse }, chance) => slowed(clickhouse, chance),
  postgres_killed: ({ postgres }, chance) => killed(postgres, chance),
  postgres_cut: ({ postgres }, chance) => cutOff(postgres, chance),
  postgres_slow: ({ postgres }, chance) => slowed(postgres, chance),
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

/** As over a link with a long way, or of a store that has too much to do. */
async function slowed(server: StoreServer, chance: Chance): Promise<void> {
  server.slowDown(chance.pick([50, 250, 1_000]))
  await sleep(chance.between(1_000, 3_000))
  server.slowDown(0)
}
