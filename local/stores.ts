/** The stores of a start: those that are named by a URL, and the others embedded, run here until `stop`. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LocalConfig } from './config.ts'
import { startClickHouse } from './stores/embedded-clickhouse.ts'
import { startPostgres } from './stores/embedded-postgres.ts'
import type { RunningStore } from './stores/running-store.ts'

export interface Stores {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly objectStoreUrl: string
  /** The servers run here, by name; empty when all are named by URL. */
  readonly embedded: ReadonlyMap<string, RunningStore>
  stop(): Promise<void>
}

export async function openStores(config: LocalConfig, tell: (sentence: string) => void): Promise<Stores> {
  const objects = path.join(config.dir, 'objects')
  await mkdir(objects, { recursive: true })
  const inDir = (name: string) => ({ dataDir: path.join(config.dir, name), log: tell })
  const embedded = new Map<string, RunningStore>()
  const started = await Promise.allSettled([
    config.databaseUrl ? null : startPostgres(inDir('postgres')),
    config.clickhouseUrl ? null : startClickHouse(inDir('clickhouse')),
  ])
  const [postgres, clickhouse] = started
  if (postgres.status === 'fulfilled' && postgres.value) embedded.set('Postgres', postgres.value)
  if (clickhouse.status === 'fulfilled' && clickhouse.value) embedded.set('ClickHouse', clickhouse.value)
  const stop = async () => {
    await Promise.all([...embedded.values()].map((store) => store.stop()))
  }
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  return {
    databaseUrl: config.databaseUrl ?? embedded.get('Postgres')?.url ?? '',
    clickhouseUrl: config.clickhouseUrl ?? embedded.get('ClickHouse')?.url ?? '',
    objectStoreUrl: config.objectStoreUrl ?? pathToFileURL(objects).href,
    embedded,
    stop,
  }
}
