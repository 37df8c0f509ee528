/**
 * The process that takes events, counts and archives them, and tells SDKs their verdicts.
 * Invariant: it starts and takes events while Postgres, ClickHouse or the object store is down; without its journal
 * it does not start.
 */
import { pino } from 'pino'
import { endInOrder } from '../core/end-process.ts'
import { parseIngestConfig } from './config.ts'
import { openIngest } from './open-ingest.ts'

const parsed = parseIngestConfig(process.env)
if (parsed.kind === 'bad') refuse(...parsed.problems)

const { config } = parsed
const log = pino({
  name: 'ingest',
  level: config.logLevel,
  redact: ['req.headers.authorization', 'headers.authorization'],
})
const ingest = await openIngest(config, {
  now: () => new Date(),
  log,
  // A restart sets the journal right; going on would refuse every event.
  onJournalBroken: () => end(1),
  onReadersLost: () => end(1),
}).catch((error: unknown) => refuse(`ingest could not start: ${sentenceOf(error)}`))

const end = endInOrder(process, {
  close: ingest.close,
  onFailure: (error) => log.error({ err: error }, 'did not end cleanly'),
})

log.info({ url: ingest.url }, 'ingest is listening')
process.send?.({ ready: true, url: ingest.url })

function refuse(...sentences: readonly string[]): never {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') {
    return `port ${config.port} of ${config.host} is in use by another process; stop that one, or set INGEST_PORT to another port (0 for any free one)`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${config.host} is no address of this machine; set INGEST_HOST`
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOSPC'].includes(code)) {
    return `${error.message}; set JOURNAL_DIR to a folder that this account can write to`
  }
  return error.message
}
