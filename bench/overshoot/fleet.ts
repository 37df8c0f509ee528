/**
 * Three replicas of ingest by their main file, each with a journal of its own, and what can be taken from them: the
 * first is killed, the second cut off from Postgres and from every second one of its clients. The rest of its clients
 * still reach it, and must not be misled by what it does not know. The third is left alone.
 */
import type { Part } from '../../local/part.ts'
import type { BenchStores } from '../ingest/stores.ts'
import { openSilentLink } from './silent-link.ts'
import { startOnFreePort } from './start-on-free-port.ts'

export interface Way {
  readonly lensUrl: string
  /** Whether its replica will be cut off. */
  readonly isCutOff: boolean
  /** Whether the replica will be cut off from this client too. */
  readonly isUnheard: boolean
}

export interface Fleet {
  /** The port of the replica that nothing happens to. */
  readonly safePort: number
  /** How a client reaches ingest. */
  wayOf(client: number, of: { readonly replicasLost: number }): Way
  lose(): Promise<void>
  /** Everything as it was: the killed replica runs again, the cut off one is reached. */
  mend(): Promise<void>
}

/** How long a balancer takes to see that a replica is gone. */
const NOTICED_AFTER_MS = 200

export async function openFleet(stores: BenchStores): Promise<Fleet> {
  const database = new URL(stores.databaseUrl)
  const databaseLink = await openSilentLink(Number(database.port))
  stores.closeFirst(() => databaseLink.close())
  database.port = String(databaseLink.port)
  const start = (name: string, more: Readonly<Record<string, string>> = {}) =>
    startOnFreePort(stores, (port) => stores.ingestSpec(name, port, more))
  const [original, second, safe] = await Promise.all([
    start('first'),
    start('second', { DATABASE_URL: database.href }),
    start('safe'),
  ])
  let first = original
  const [toFirst, toSecond] = [await openSilentLink(first.port), await openSilentLink(second.port)]
  for (const link of [toFirst, toSecond]) stores.closeFirst(() => link.close())
  const way = (port: number, lost: Partial<Way> = {}): Way => ({
    ...{ lensUrl: `http://127.0.0.1:${port}`, isCutOff: false, isUnheard: false },
    ...lost,
  })

  return {
    safePort: safe.port,
    wayOf: (client, { replicasLost }) => {
      if (replicasLost === 0 || client % 3 === 2) return way(safe.port)
      if (client % 3 === 0) return way(toFirst.port)
      const isUnheard = client % 2 === 0
      return way(isUnheard ? toSecond.port : second.port, { isCutOff: true, isUnheard })
    },
    lose: async () => {
      databaseLink.silence()
      toSecond.silence()
      const killed = kill(first.part)
      setTimeout(() => toFirst.lead(safe.port), NOTICED_AFTER_MS)
      await killed
    },
    mend: async () => {
      databaseLink.speak()
      toSecond.speak()
      first = await start('first')
      toFirst.lead(first.port)
    },
  }
}

/** It stays down: a part that is asked to stop is not started again. */
async function kill(part: Part): Promise<void> {
  const pid = part.pid()
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  await part.stop()
}
