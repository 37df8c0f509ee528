/**
 * Starts one Postgres and one ClickHouse for a whole test run, and removes them at its end.
 * Invariant: no process outlives the run, however it ends.
 */
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { migratePostgres } from '../../db/postgres/migrate.ts'
import { startClickHouse } from '../../local/stores/embedded-clickhouse.ts'
import { startPostgres } from '../../local/stores/embedded-postgres.ts'
import type { RunningStore } from '../../local/stores/running-store.ts'
import { makeRunFolder } from './run-folder.ts'
import { TEMPLATE_DATABASE } from './template-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
    clickHouseUrl: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await makeRunFolder('lensai-test-stores-')
  const running: RunningStore[] = []
  // An interrupted run has no time to wait, and its data no reader.
  const killAtExit = () => {
    for (const { pid } of running) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
  }
  process.prependOnceListener('exit', killAtExit)
  const stop = async (): Promise<void> => {
    process.off('exit', killAtExit)
    await Promise.all(running.map((store) => store.stop()))
    await folder.remove()
  }
  const outcomes = await Promise.allSettled([
    startPostgres({ dataDir: join(folder.path, 'postgres'), durable: false, log: say }).then(
      async (store) => {
        running.push(store)
        await makeTemplate(store.url)
        project.provide('postgresUrl', store.url)
      },
    ),
    startClickHouse({ dataDir: join(folder.path, 'clickhouse'), log: say }).then((store) => {
      running.push(store)
      project.provide('clickHouseUrl', store.url)
    }),
  ])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed === undefined) return stop
  await stop()
  throw failed.reason
}

/** Every test's database is a copy of one that was migrated once. */
async function makeTemplate(serverUrl: string): Promise<void> {
  const sql = postgres(serverUrl, { max: 1 })
  try {
    await sql.unsafe(`create database ${TEMPLATE_DATABASE}`)
  } finally {
    await sql.end()
  }
  const template = new URL(serverUrl)
  template.pathname = `/${TEMPLATE_DATABASE}`
  await migratePostgres(template.href)
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
