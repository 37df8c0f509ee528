/**
 * Opens ClickHouse: one client over HTTP, with every wait bounded.
 * Invariant: 64-bit integers leave the server as strings, so that no sum of money passes through a float.
 */
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { parseClickHouseUrl } from './address.ts'

export type ClickHouse = ClickHouseClient

const REQUEST_TIMEOUT_MS = 30_000
const CONNECTIONS_MAX = 10

/** How much of the server one client may take. */
export interface ClickHouseBounds {
  readonly requestTimeoutMs?: number
  readonly connectionsMax?: number
  /** Of the server's threads and memory, for each query; as many as the server gives unless said. */
  readonly threadsMax?: number
  readonly memoryBytesMax?: number
}

/** Opens without connecting; `ping()` asks whether it answers, `close()` ends it. */
export function openClickHouse(url: string, bounds: ClickHouseBounds = {}): ClickHouse {
  return open(url, parseClickHouseUrl(url).database, bounds)
}

/** The same server and user, but outside the named database, which may not exist yet. */
export function openClickHouseServer(url: string): ClickHouse {
  return open(url, 'default', {})
}

function open(url: string, database: string, bounds: ClickHouseBounds): ClickHouse {
  const address = parseClickHouseUrl(url)
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, connectionsMax = CONNECTIONS_MAX } = bounds
  const { threadsMax, memoryBytesMax } = bounds
  return createClient({
    url: address.origin,
    username: address.username,
    password: address.password,
    database,
    application: 'lensai',
    request_timeout: requestTimeoutMs,
    max_open_connections: connectionsMax,
    // What goes wrong is thrown, and said once by whoever catches it.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 1,
      date_time_output_format: 'iso',
      session_timezone: 'UTC',
      // Today's servers buffer inserts by default; here an answered insert is a written one.
      async_insert: 0,
      // The server gives up before the client does, so that nothing runs on unheard.
      max_execution_time: requestTimeoutMs / 1_000 - 5,
      ...(threadsMax === undefined ? {} : { max_threads: threadsMax }),
      ...(memoryBytesMax === undefined ? {} : { max_memory_usage: String(memoryBytesMax) }),
    },
  })
}
