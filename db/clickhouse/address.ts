/**
 * Where a ClickHouse is, read from `http://user:pass@host:8123/database`.
 * Invariant: no error of this file repeats the URL, which holds the password.
 */
export interface ClickHouseAddress {
  readonly origin: string
  readonly username: string
  readonly password: string
  readonly database: string
}

const EXPECTED =
  'expected http://user:password@host:8123/database (https works too; user defaults to "default")'

/** Throws an error with the code `clickhouse_url_invalid`, which says what is wrong without quoting the password. */
export function parseClickHouseUrl(text: string): ClickHouseAddress {
  const url = URL.canParse(text) ? new URL(text) : refuse('it is not a URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    refuse(`its scheme is ${url.protocol.slice(0, -1)}; only http and https are spoken here`)
  if (url.search !== '' || url.hash !== '')
    refuse('it has a query or a fragment; settings do not belong there')
  const database = decode(url.pathname.slice(1), 'database') || 'default'
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(database))
    refuse('its path is not the name of a database: letters, digits and _, not a digit first')
  return {
    origin: url.origin,
    username: decode(url.username, 'user') || 'default',
    password: decode(url.password, 'password'),
    database,
  }
}

function decode(part: string, name: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return refuse(`its ${name} is not percent-encoded rightly; write % as %25`)
  }
}

function refuse(reason: string): never {
  throw Object.assign(new Error(`the ClickHouse URL cannot be used: ${reason}; ${EXPECTED}`), {
    code: 'clickhouse_url_invalid',
  })
}
