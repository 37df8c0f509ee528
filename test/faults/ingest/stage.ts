/**
 * What is broken on purpose: two replicas of ingest on the same stores, the second with its journal on a small disk of
 * its own where that can be had; Postgres and ClickHouse that wait for the disk, each behind a link; a folder as the
 * object store; a project with a budget and a key.
 * Invariant: whatever way the run ends, Ctrl-C included, no process and no file of it is left.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrateClickHouse } from '../../../db/clickhouse/migrate.ts'
import { migratePostgres } from '../../../db/postgres/migrate.ts'
import { startClickHouse } from '../../../local/stores/embedded-clickhouse.ts'
import { startPostgres } from '../../../local/stores/embedded-postgres.ts'
import { killAtExit } from '../../stores/kill-at-exit.ts'
import { makeRunFolder } from '../../stores/run-folder.ts'
import { makeProject } from './project.ts'
import { openReplica, type Replica } from './replica.ts'
import { openStoreServer, type StoreServer } from './server.ts'
import { openSmallDisk, type SmallDisk } from './small-disk.ts'

export interface Stage {
  readonly postgres: StoreServer
  readonly clickhouse: StoreServer
  readonly objects: FaultyFolder
  readonly replicas: readonly [Replica, Replica]
  /** Of the second replica; null when it was not asked for. */
  readonly disk: SmallDisk | null
  readonly apiKey: string
  readonly projectId: string
  close(): Promise<void>
}

export interface FaultyFolder {
  readonly url: string
  /** A file stands where the folder was. */
  takeAway(): Promise<void>
  putBack(): Promise<void>
}

/** Room for three segments of a journal and the record that does not fit any more. */
const DISK_BYTES = 112 * 1024 * 1024

export async function openStage(options: { readonly withSmallDisk: boolean }): Promise<Stage> {
  const folder = await makeRunFolder('lens-faults-')
  const closers: (() => Promise<unknown>)[] = [folder.remove]
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const pids = new Map<number, NodeJS.Signals>()
  const forget = killAtExit(pids)
  closers.push(async () => forget())
  try {
    const disk = options.withSmallDisk ? await mountOrExplain(path.join(folder.path, 'disk')) : null
    if (disk !== null) {
      pids.set(disk.pid, 'SIGKILL')
      closers.push(async () => disk.close())
    }
    const [postgres, clickhouse] = await openServers(folder.path, pids, closers)
    const objects = await openFaultyFolder(path.join(folder.path, 'objects'))
    const { apiKey, projectId } = await makeProject(postgres.url)
    const { PATH = '', HOME = '/' } = process.env
    const env = {
      ...{ PATH, HOME, LOG_LEVEL: 'info' },
      DATABASE_URL: postgres.url,
      CLICKHOUSE_URL: clickhouse.url,
      OBJECT_STORE_URL: objects.url,
      LENS_SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    }
    const common = { dir: folder.path, env, pids }
    const replicas = [
      await openReplica({ ...common, name: 'replica-1', disk: null }),
      await openReplica({ ...common, name: 'replica-2', disk }),
    ] as const
    for (const replica of replicas) closers.push(() => replica.end())
    await Promise.all(replicas.map((replica) => replica.start()))
    return { postgres, clickhouse, objects, replicas, disk, apiKey, projectId, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function mountOrExplain(dir: string): Promise<SmallDisk> {
  const outcome = await openSmallDisk(dir, DISK_BYTES)
  if (outcome.kind === 'mounted') return outcome.disk
  throw new Error(
    `a disk that can be filled cannot be mounted here (${outcome.reason}): run as root or where user namespaces are allowed, or leave that fault out with --without disk_full`,
  )
}

async function openServers(
  dir: string,
  pids: Map<number, NodeJS.Signals>,
  closers: (() => Promise<unknown>)[],
): Promise<[StoreServer, StoreServer]> {
  const log = () => undefined
  const opened = await Promise.allSettled([
    openStoreServer({
      ...{ pids, endingSignal: 'SIGQUIT' },
      start: () => startPostgres({ dataDir: path.join(dir, 'postgres'), log }),
    }),
    openStoreServer({
      ...{ pids, endingSignal: 'SIGKILL' },
      start: () => startClickHouse({ dataDir: path.join(dir, 'clickhouse'), log }),
    }),
  ])
  for (const outcome of opened) if (outcome.status === 'fulfilled') closers.push(outcome.value.close)
  const [postgres, clickhouse] = opened
  if (postgres.status === 'rejected') throw postgres.reason
  if (clickhouse.status === 'rejected') throw clickhouse.reason
  await Promise.all([migratePostgres(postgres.value.url), migrateClickHouse(clickhouse.value.url)])
  return [postgres.value, clickhouse.value]
}

async function openFaultyFolder(dir: string): Promise<FaultyFolder> {
  await mkdir(dir)
  return {
    url: pathToFileURL(dir).href,
    takeAway: async () => {
      await rename(dir, `${dir}.away`)
      await writeFile(dir, '')
    },
    putBack: async () => {
      await rm(dir)
      await rename(`${dir}.away`, dir)
    },
  }
}
