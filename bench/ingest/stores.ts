/**
 * What every process of ingest in a benchmark needs, each server as a process of its own and as in production:
 * Postgres and ClickHouse that wait for the disk, a folder as the object store, a folder for logs and journals.
 * Invariant: whatever way the run ends, Ctrl-C included, no process and no file of it is left.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrateClickHouse } from '../../db/clickhouse/migrate.ts'
import { type ClickHouse, openClickHouse } from '../../db/clickhouse/open.ts'
import { migratePostgres } from '../../db/postgres/migrate.ts'
import { openPostgres, type Postgres } from '../../db/postgres/open.ts'
import { INGEST_FLAGS, type PartSpec } from '../../local/part.ts'
import { startClickHouse } from '../../local/stores/embedded-clickhouse.ts'
import { startPostgres } from '../../local/stores/embedded-postgres.ts'
import { KEYRING_TEXT } from '../../test/ingest/a-key.ts'
import { killAtExit } from '../../test/stores/kill-at-exit.ts'
import { makeRunFolder } from '../../test/stores/run-folder.ts'

export interface BenchStores {
  readonly databaseUrl: string
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly objectsUrl: string
  readonly logsDir: string
  /** What every process of the product is told of the stores, and of the keys that seal secrets. */
  readonly env: Readonly<Record<string, string>>
  readonly serverPids: { readonly Postgres: number; readonly ClickHouse: number }
  /** The process of ingest of this name, with a journal of its own. */
  ingestSpec(name: string, port: number, more?: Readonly<Record<string, string>>): PartSpec
  /** Ended by force when the run is interrupted. */
  endAtExit(pid: number): void
  /** Closed before the stores are, the last one first. */
  closeFirst(closer: () => Promise<unknown>): void
  close(): Promise<void>
}

export async function openStores(tell: (sentence: string) => void): Promise<BenchStores> {
  const folder = await makeRunFolder('lens-bench-')
  const closers: (() => Promise<unknown>)[] = [folder.remove]
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const pids = new Map<number, NodeJS.Signals>()
  const end = killAtExit(pids)
  closers.push(async () => end())
  try {
    const log = (sentence: string) => tell(sentence)
    const [postgresServer, clickhouseServer] = await allOf(
      [
        startPostgres({ dataDir: path.join(folder.path, 'postgres'), log }),
        startClickHouse({ dataDir: path.join(folder.path, 'clickhouse'), log }),
      ],
      (server) => {
        pids.set(server.pid, 'SIGKILL')
        closers.push(server.stop)
      },
    )
    // Its own immediate end, after which none of its processes is left.
    pids.set(postgresServer.pid, 'SIGQUIT')
    await Promise.all([migratePostgres(postgresServer.url), migrateClickHouse(clickhouseServer.url)])
    const postgres = openPostgres(postgresServer.url, { connectionsMax: 2, statementTimeoutMs: 120_000 })
    closers.push(() => postgres.close())
    const clickhouse = openClickHouse(clickhouseServer.url)
    closers.push(() => clickhouse.close())
    const [logsDir, objectsDir] = [path.join(folder.path, 'logs'), path.join(folder.path, 'objects')]
    for (const dir of [logsDir, objectsDir]) await mkdir(dir)
    const objectsUrl = pathToFileURL(objectsDir).href
    const { PATH = '', HOME = '/' } = process.env
    const env = {
      ...{ PATH, HOME, LOG_LEVEL: 'info' },
      DATABASE_URL: postgresServer.url,
      CLICKHOUSE_URL: clickhouseServer.url,
      OBJECT_STORE_URL: objectsUrl,
      LENS_SECRET_KEYS: KEYRING_TEXT,
      INGEST_HOST: '127.0.0.1',
    }
    return {
      ...{ databaseUrl: postgresServer.url, postgres, clickhouse, objectsUrl, logsDir, env },
      serverPids: { Postgres: postgresServer.pid, ClickHouse: clickhouseServer.pid },
      ingestSpec: (name, port, more = {}) => {
        const own = { INGEST_PORT: String(port), JOURNAL_DIR: path.join(folder.path, 'journals', name) }
        return {
          ...{ name, entry: 'ingest/main.ts', nodeFlags: INGEST_FLAGS },
          env: { ...env, ...own, ...more },
        }
      },
      endAtExit: (pid) => pids.set(pid, 'SIGKILL'),
      closeFirst: (closer) => closers.push(closer),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Each is noted as soon as it runs, so that one which fails leaves no other behind. */
async function allOf<T>(
  starting: readonly [Promise<T>, Promise<T>],
  note: (started: T) => void,
): Promise<[T, T]> {
  const [first, second] = await Promise.allSettled(starting)
  for (const outcome of [first, second]) if (outcome.status === 'fulfilled') note(outcome.value)
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}
