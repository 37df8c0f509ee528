/** The HTTP API of ingest on a real journal and nothing else, for tests of what it takes. */
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import { mintApiKey } from '../../core/api-key.ts'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { type Journal, openJournal } from '../../ingest/journal/journal.ts'
import { type KnownApiKey, knownKeys } from '../../ingest/keys/known-keys.ts'
import { buildIngest, type IngestDeps } from '../../ingest/server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { aKnownKey } from './a-key.ts'
import { journaledFrom } from './journaled.ts'

export interface Sent {
  readonly url: string
  readonly body: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export interface Called extends Partial<Sent> {
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'OPTIONS'
  /** As which address the caller is seen. */
  readonly from?: string
}

export interface ServerOptions
  extends Pick<
    Partial<IngestDeps>,
    'connectionLimits' | 'rateLimits' | 'trustedProxies' | 'verdicts' | 'streamsPerKeyMax'
  > {
  /** The keys that exist, beside the one that `post` sends; a rejection is a Postgres that does not answer. */
  readonly find?: (text: string) => Promise<KnownApiKey | null>
  readonly log?: FastifyBaseLogger
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

export interface IngestServer {
  readonly post: (sent: Sent) => Promise<Answer>
  /** As it is said, with no key unless a header has one. */
  readonly call: (called: Called) => Promise<Answer>
  /** Takes calls from the network as well, at the address that is returned. */
  readonly listen: () => Promise<string>
  /** The key that `post` sends. */
  readonly key: string
  /** What was taken since the last time it was asked. */
  readonly taken: () => Promise<PricedEvent[]>
  /** Replaces what the journal does with events; undefined gives the journal back. */
  readonly appendWith: (append: Journal['append'] | undefined) => void
  readonly close: () => Promise<void>
}

export async function openServer(now: () => Date, options: ServerOptions = {}): Promise<IngestServer> {
  const { find = async () => null, log = pino({ level: 'silent' }) } = options
  const folder = await temporaryFolder()
  const journal = await openJournal({
    dir: folder.path,
    segmentBytesMax: 1024 ** 2,
    bytesMax: 64 * 1024 ** 2,
    log,
  })
  const key = aKnownKey()
  const { text } = mintApiKey()
  let append: Journal['append'] | undefined
  let read = 0
  const app = buildIngest({
    keys: knownKeys({
      find: async (given) => (given === text ? key : await find(given)),
      touch: async () => undefined,
      now,
      log,
    }),
    journal: { append: (events) => (append ?? journal.append)(events) },
    verdicts: options.verdicts ?? {
      latest: () => Promise.reject(new Error('this server has no verdicts')),
      current: () => null,
      watch: () => () => undefined,
      status: () => ({ projects: 0, lastError: null }),
      close: () => Promise.resolve(),
    },
    ...(options.connectionLimits === undefined ? {} : { connectionLimits: options.connectionLimits }),
    ...(options.rateLimits === undefined ? {} : { rateLimits: options.rateLimits }),
    ...(options.streamsPerKeyMax === undefined ? {} : { streamsPerKeyMax: options.streamsPerKeyMax }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    readiness: async () => ({ missing: [], progress: {} }),
    onJournalBroken: () => undefined,
    now,
    log,
  })
  const call = async ({ url, method = 'GET', body, headers = {}, from }: Called): Promise<Answer> => {
    const response = await app.inject({
      ...{ method, url, headers },
      ...(from === undefined ? {} : { remoteAddress: from }),
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : Buffer.from(body) }),
    })
    return { status: response.statusCode, headers: response.headers, bytes: response.rawPayload }
  }
  return {
    key: text,
    call,
    post: ({ url, body, headers }) =>
      call({ method: 'POST', url, body, headers: { authorization: `Bearer ${text}`, ...headers } }),
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    async taken() {
      const records = await journaledFrom(journal, read)
      read = journal.endOffset()
      return records.map(({ event }) => event)
    },
    appendWith(given) {
      append = given
    },
    async close() {
      await app.close()
      await journal.close()
      await folder.remove()
    },
  }
}
