/**
 * Three replicas of ingest by their main file, each with a journal of its own, and what can be taken from them: the
 * first is killed, the second cut off from Postgres and from every second one of its clients. The rest of its clients
 * still reach it, and must not be misled by what it does not know. The third is left alone.
 */
import { type Part, startPart } from '../../local/part.ts'
import { findFreePort } from '../../local/stores/free-port.ts'
import type { BenchStores } from '../ingest/stores.ts'
import { openSilentLink } from './silent-link.ts'

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

export async function openFleet(stores: BenchStores, tell: (sentence: string) => void): Promise<Fleet> {
  const database = new URL(stores.databaseUrl)
  const databaseLink = await openSilentLink(Number(database.port))
  stores.closeFirst(() => databaseLink.close())
  database.port = String(databaseLink.port)
  const [firstPort, secondPort, safePort] = [await findFreePort(), await findFreePort(), await findFreePort()]
  const start = async (name: string, port: number, more: Readonly<Record<string, string>> = {}) => {
    const part = await startPart(stores.ingestSpec(name, port, more), { logsDir: stores.logsDir, tell })
    stores.endAtExit(part.pid() ?? 0)
    return part
  }
  let [first, ...others] = await Promise.all([
    start('first', firstPort),
    start('second', secondPort, { DATABASE_URL: database.href }),
    start('safe', safePort),
  ])
  stores.closeFirst(() => Promise.all([first, ...others].map((part) => part.stop())))
  const toFirst = await openSilentLink(firstPort)
  const toSecond = await openSilentLink(secondPort)
  for (const link of [toFirst, toSecond]) stores.closeFirst(() => link.close())
  const way = (port: number, lost: Partial<Way> = {}): Way => ({
    ...{ lensUrl: `http://127.0.0.1:${port}`, isCutOff: false, isUnheard: false },
    ...lost,
  })

  return {
    safePort,
    wayOf: (client, { replicasLost }) => {
      if (replicasLost === 0 || client % 3 === 2) return way(safePort)
      if (client % 3 === 0) return way(toFirst.port)
      const isUnheard = client % 2 === 0
      return way(isUnheard ? toSecond.port : secondPort, { isCutOff: true, isUnheard })
    },
    lose: async () => {
      databaseLink.silence()
      toSecond.silence()
      const killed = kill(first)
      setTimeout(() => toFirst.lead(safePort), NOTICED_AFTER_MS)
      await killed
    },
    mend: async () => {
      databaseLink.speak()
      toSecond.speak()
      first = await start('first', firstPort)
      toFirst.lead(firstPort)
    },
  }
}

/** It stays down: a part that is asked to stop is not started again. */
async function kill(part: Part): Promise<void> {
  const pid = part.pid()
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  await part.stop()
}
