/** What ingest is told by its environment. */
import type { Keyring } from '../core/envelope.ts'
import { readKeyring } from '../core/keyring-setting.ts'
import {
  type Environment,
  HTTP_PROTOCOLS,
  OBJECT_STORE_PROTOCOLS,
  type Parsed,
  POSTGRES_PROTOCOLS,
  readSettings,
  type Settings,
} from '../core/settings.ts'
import { readAllowLoopback } from '../core/webhook/loopback-setting.ts'
import { REQUESTS_PER_MINUTE } from './keys/rate-limits.ts'
import { readTrustedProxies } from './trusted-proxies.ts'

export interface IngestConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly objectStoreUrl: string
  /** Opens and seals what is secret in Postgres: the keys of projects' hashes, and the secrets of webhooks. */
  readonly keyring: Keyring
  /** Whether a webhook may be made for this machine itself. */
  readonly allowLoopback: boolean
  /** A folder of its own for each replica, on a disk that survives a restart. */
  readonly journalDir: string
  /** The journal answers "full" beyond this. */
  readonly journalBytesMax: number
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** Of an API key that has no limit of its own. */
  readonly requestsPerMinute: number
  readonly trustedProxies: readonly string[]
  /** Where Prometheus asks; null when it does not. */
  readonly metrics: { readonly host: string; readonly port: number } | null
  readonly logLevel: string
}

const PORT = 4100
const MIB = 1024 ** 2
const JOURNAL_BYTES = { from: 128 * MIB, to: 1024 ** 2 * MIB, otherwise: 4096 * MIB }

export function parseIngestConfig(env: Environment): Parsed<IngestConfig> {
  const settings = readSettings(env)
  // Platforms that run a Procfile say PORT.
  const port = settings.port(['INGEST_PORT', 'PORT'], PORT)
  return settings.finish({
    databaseUrl: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
    clickhouseUrl: settings.requiredUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
    objectStoreUrl: settings.requiredUrl('OBJECT_STORE_URL', OBJECT_STORE_PROTOCOLS),
    keyring: readKeyring(settings),
    allowLoopback: readAllowLoopback(settings),
    journalDir: settings.required(
      'JOURNAL_DIR',
      'a folder for the journal, on a disk that survives a restart',
    ),
    journalBytesMax: readJournalBytes(settings),
    // Containers need every address; whoever runs it on a desk says 127.0.0.1.
    host: settings.optional('INGEST_HOST') ?? '0.0.0.0',
    port,
    requestsPerMinute: readRequestsPerMinute(settings),
    trustedProxies: readTrustedProxies(settings),
    metrics: readMetrics(settings, port),
    logLevel: settings.logLevel(),
  })
}

/** A port of its own, on this machine alone unless told otherwise: it tells of all tenants together. */
function readMetrics(settings: Settings, publicPort: number): IngestConfig['metrics'] {
  const host = settings.optional('METRICS_HOST')
  if (settings.optional('METRICS_PORT') === null) {
    if (host !== null) settings.complain('METRICS_PORT is missing: METRICS_HOST serves nothing without it')
    return null
  }
  const port = settings.port(['METRICS_PORT'], 0)
  if (port !== 0 && port === publicPort) {
    settings.complain('METRICS_PORT must be another port than INGEST_PORT: what it serves is not for clients')
  }
  return { host: host ?? '127.0.0.1', port }
}

function readRequestsPerMinute(settings: Settings): number {
  const text = settings.optional('REQUESTS_PER_MINUTE') ?? String(REQUESTS_PER_MINUTE)
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  settings.complain('REQUESTS_PER_MINUTE must be a whole number from 1 to 999999999')
  return REQUESTS_PER_MINUTE
}

function readJournalBytes(settings: Settings): number {
  const { from, to, otherwise } = JOURNAL_BYTES
  const text = settings.optional('JOURNAL_BYTES_MAX') ?? String(otherwise)
  if (/^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) <= to) return Number(text)
  settings.complain(`JOURNAL_BYTES_MAX must be a whole number of bytes from ${from} to ${to}`)
  return otherwise
}
