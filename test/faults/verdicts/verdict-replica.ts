/** One replica of ingest as its clients of verdicts see it, with a way of its own to Postgres that can break. */
import { pino } from 'pino'
import { openPostgres } from '../../../db/postgres/open.ts'
import { findKeysIn } from '../../../ingest/keys/find-keys.ts'
import { knownKeys } from '../../../ingest/keys/known-keys.ts'
import { buildIngest } from '../../../ingest/server.ts'
import { keepVerdicts, type VerdictKeeperOptions } from '../../../ingest/verdicts/keep-verdicts.ts'
import { aKeyring } from '../../ingest/a-key.ts'
import { listenToVerdicts, type VerdictListener } from '../../ingest/verdict-listener.ts'
import { type BreakableLink, breakableLink } from '../../stores/breakable-link.ts'

export interface VerdictReplica {
  readonly url: string
  readonly toPostgres: BreakableLink
  /** Lets time pass, as ages are measured by it. */
  grow(ms: number): void
  /** Sets its clock, as far from the right time as this. */
  setClockOff(ms: number): void
  /** By the given address, which may lead here by another way. */
  listen(options?: { readonly url?: string; readonly has?: string }): Promise<VerdictListener>
  ask(query?: string): Promise<Response>
  close(): Promise<void>
}

export interface VerdictReplicaOptions {
  readonly databaseUrl: string
  readonly key: string
  readonly now: () => Date
  readonly verdicts?: VerdictKeeperOptions
}

/** Told apart from the 3 s of production only by being over sooner. */
const ALIVE_MS = 100

export async function openVerdictReplica(options: VerdictReplicaOptions): Promise<VerdictReplica> {
  let [grownMs, offMs] = [0, 0]
  const now = () => new Date(options.now().getTime() + offMs)
  const log = pino({ level: 'silent' })
  const toPostgres = await breakableLink(options.databaseUrl)
  const postgres = openPostgres(toPostgres.url)
  const verdicts = keepVerdicts(
    { postgres, now, log },
    { elapsedMs: () => performance.now() + grownMs, ...options.verdicts },
  )
  const app = buildIngest({
    // Its clients send nothing.
    journal: { append: async () => ({ kind: 'full', reason: 'bytes_max' }) },
    ...{ verdicts, now, log, aliveMs: ALIVE_MS },
    keys: knownKeys({ ...findKeysIn(postgres, { keyring: aKeyring(), now, log }), now, log }),
    readiness: async () => ({ missing: [], progress: {} }),
    onJournalBroken: () => undefined,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const listeners: VerdictListener[] = []
  return {
    url,
    toPostgres,
    grow: (ms) => {
      grownMs += ms
    },
    setClockOff: (ms) => {
      offMs = ms
    },
    listen: async ({ url: by = url, has } = {}) => {
      const listener = await listenToVerdicts(by, options.key, has)
      listeners.push(listener)
      return listener
    },
    ask: (query = '') =>
      fetch(`${url}/v1/verdicts${query}`, { headers: { authorization: `Bearer ${options.key}` } }),
    close: async () => {
      for (const listener of listeners) listener.close()
      await app.close()
      await verdicts.close()
      await postgres.close()
      await toPostgres.close()
    },
  }
}
