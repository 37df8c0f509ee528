/**
 * Starts one Postgres and one ClickHouse for a whole test run, and removes them at its end.
 * Invariant: no process outlives the run, however it ends; a folder that a killed run left is removed by the next.
 */
import { rmSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { migratePostgres } from '../../db/postgres/migrate.ts'
import { startClickHouse } from '../../local/stores/embedded-clickhouse.ts'
import { startPostgres } from '../../local/stores/embedded-postgres.ts'
import type { RunningStore } from '../../local/stores/running-store.ts'
import { TEMPLATE_DATABASE } from './template-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
    clickHouseUrl: string
  }
}

const folderPrefix = 'lensai-test-stores-'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeFoldersOfDeadRuns()
  const folder = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`))
  // Postgres may run as another account, which must be able to pass through.
  await chmod(folder, 0o711)
  const removeAtExit = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  const exitWhenTerminated = () => process.exit(143)
  process.once('exit', removeAtExit)
  process.once('SIGTERM', exitWhenTerminated)
  const running: RunningStore[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((store) => store.stop()))
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    process.off('exit', removeAtExit)
    process.off('SIGTERM', exitWhenTerminated)
  }
  try {
    await Promise.all([
      startTemplate(folder).then((store) => {
        running.push(store)
        project.provide('postgresUrl', store.url)
      }),
      startClickHouse({ dataDir: join(folder, 'clickhouse'), log: say }).then((store) => {
        running.push(store)
        project.provide('clickHouseUrl', store.url)
      }),
    ])
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

/** Every test's database is a copy of one that was migrated once. */
async function startTemplate(folder: string): Promise<RunningStore> {
  const store = await startPostgres({
    dataDir: join(folder, 'postgres'),
    durable: false,
    log: say,
  })
  const sql = postgres(store.url, { max: 1 })
  try {
    await sql.unsafe(`create database ${TEMPLATE_DATABASE}`)
  } finally {
    await sql.end()
  }
  const template = new URL(store.url)
  template.pathname = `/${TEMPLATE_DATABASE}`
  await migratePostgres(template.href)
  return store
}

async function removeFoldersOfDeadRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1])
    if (!Number.isSafeInteger(pid) || isAlive(pid)) continue
    await rm(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 3 })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
