/** What ingest is told by its environment. */
import { type Env, type ParsedConfig, parsedWith, readStoreConfig, type StoreConfig } from '../db/config.ts'

export interface IngestConfig extends StoreConfig {
  /** A folder of its own for each replica, on a disk that survives a restart. */
  readonly journalDir: string
  readonly journalBytesMax: number
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly logLevel: LogLevel
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const GIB = 1024 ** 3
const PORT_FALLBACK = 4100

/** Production listens on every address, as containers need it; anything else on this machine alone. */
export const parseIngestConfig = (env: Env): ParsedConfig<IngestConfig> =>
  parsedWith(env, (reader) => ({
    ...readStoreConfig(reader),
    journalDir: reader.text('JOURNAL_DIR', 'a folder that survives restarts', (path) => !path.includes('\0')),
    journalBytesMax: reader.integer('JOURNAL_BYTES_MAX', { from: 128 * 1024 ** 2, to: 1024 * GIB }, 4 * GIB),
    host: reader.text(
      'INGEST_HOST',
      'an IP address or a host name',
      (host) => /^[A-Za-z0-9.:_-]{1,253}$/.test(host),
      env.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1',
    ),
    // Platforms that run a Procfile say PORT.
    port: reader.integer(env.INGEST_PORT ? 'INGEST_PORT' : 'PORT', { from: 0, to: 65_535 }, PORT_FALLBACK),
    logLevel: reader.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
  }))
