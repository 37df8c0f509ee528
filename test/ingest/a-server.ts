/** The HTTP API of ingest on a real journal and nothing else, for tests of what it takes. */
import { pino } from 'pino'
import { mintApiKey } from '../../core/api-key.ts'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { type Journal, openJournal } from '../../ingest/journal/journal.ts'
import { knownKeys } from '../../ingest/keys/known-keys.ts'
import { buildIngest } from '../../ingest/server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { aKnownKey } from './a-key.ts'
import { journaledFrom } from './journaled.ts'

export interface Sent {
  readonly url: string
  readonly body: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

export interface IngestServer {
  readonly post: (sent: Sent) => Promise<Answer>
  /** What was taken since the last time it was asked. */
  readonly taken: () => Promise<PricedEvent[]>
  /** Replaces what the journal does with events; undefined gives the journal back. */
  readonly appendWith: (append: Journal['append'] | undefined) => void
  readonly close: () => Promise<void>
}

export async function openServer(now: () => Date): Promise<IngestServer> {
  const log = pino({ level: 'silent' })
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
      find: async (given) => (given === text ? key : null),
      touch: async () => undefined,
      now,
      log,
    }),
    journal: { append: (events) => (append ?? journal.append)(events) },
    verdicts: {
      latest: () => Promise.reject(new Error('this server has no verdicts')),
      watch: () => () => undefined,
      status: () => ({ projects: 0, lastError: null }),
      close: () => Promise.resolve(),
    },
    readiness: async () => ({ missing: [], progress: {} }),
    onJournalBroken: () => undefined,
    now,
    log,
  })
  return {
    async post({ url, body, headers = {} }) {
      const response = await app.inject({
        method: 'POST',
        url,
        headers: { authorization: `Bearer ${text}`, ...headers },
        payload: typeof body === 'string' ? body : Buffer.from(body),
      })
      return { status: response.statusCode, headers: response.headers, bytes: response.rawPayload }
    },
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
