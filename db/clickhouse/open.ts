/**
 * Opens ClickHouse: one client over HTTP, with every wait bounded.
 * Invariant: 64-bit integers leave the server as strings, so that no sum of money passes through a float.
 */
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { parseClickHouseUrl } from './address.ts'

export type ClickHouse = ClickHouseClient

const REQUEST_TIMEOUT_MS = 30_000
const CONNECTIONS_MAX = 10

/** Opens without connecting; `ping()` asks whether it answers, `close()` ends it. */
export function openClickHouse(url: string): ClickHouse {
  return open(url, parseClickHouseUrl(url).database)
}

/** The same server and user, but outside the named database, which may not exist yet. */
export function openClickHouseServer(url: string): ClickHouse {
  return open(url, 'default')
}

function open(url: string, database: string): ClickHouse {
  const address = parseClickHouseUrl(url)
  return createClient({
    url: address.origin,
    username: address.username,
    password: address.password,
    database,
    application: 'lensai',
    request_timeout: REQUEST_TIMEOUT_MS,
    max_open_connections: CONNECTIONS_MAX,
    // What goes wrong is thrown, and said once by whoever catches it.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 1,
      date_time_output_format: 'iso',
      session_timezone: 'UTC',
      // Today's servers buffer inserts by default; here an answered insert is a written one.
      async_insert: 0,
      // The server gives up before the client does, so that nothing runs on unheard.
      max_execution_time: REQUEST_TIMEOUT_MS / 1_000 - 5,
    },
  })
}
