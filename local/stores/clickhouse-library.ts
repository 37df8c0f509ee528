/** Finds the ClickHouse library that npm installed, or says why there is none and what to do. */
import { createRequire } from 'node:module'
import { EmbeddedStoreError } from './running-store.ts'

const require = createRequire(import.meta.url)

export function findClickHouseLibrary(): string {
  const { platform, arch } = process
  const libc = platform === 'linux' ? '-gnu' : ''
  const library = resolveOrNothing(`@chdb/lib-${platform}-${arch}${libc}/libchdb.so`)
  if (library !== undefined && resolveOrNothing('ffi-rs') !== undefined) return library
  if (resolveOrNothing('chdb/package.json') === undefined) {
    throw new EmbeddedStoreError(
      'not_installed',
      'The embedded ClickHouse is not installed (packages chdb and ffi-rs are development dependencies): run `npm ci` with them, or set CLICKHOUSE_URL to a ClickHouse server.',
    )
  }
  throw new EmbeddedStoreError(
    'unsupported_platform',
    `There is no library of the embedded ClickHouse for this platform (${platform} ${arch}; it needs Linux with glibc, or macOS) among the installed packages: run npm ci with optional packages, or set CLICKHOUSE_URL to a ClickHouse server.`,
  )
}

function resolveOrNothing(name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}
