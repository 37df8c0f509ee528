import { cp, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { expect, inject, it } from 'vitest'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { candidateOf } from './admit.ts'
import { finishArchive, planArchive, readCounted } from './journal-readers.ts'
import { countBatch } from './ledger.ts'
import { migratePostgres } from './migrate.ts'
import { listOnboardingSteps } from './onboarding-steps.ts'
import { openPostgres, type Postgres } from './open.ts'
import { claimWelcome, oweWelcomes } from './welcome-messages.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/** A database as the first `count` migrations leave it, then work, then the newest schema, then more work. */
async function upgraded(
  count: number,
  before: (database: Postgres) => Promise<void>,
  after: (database: Postgres) => Promise<void>,
): Promise<void> {
  const name = `upgrade_${process.pid}_${performance.now().toString().replace('.', '_')}`
  const server = postgres(inject('postgresUrl'), { max: 1, onnotice: () => undefined })
  await server.unsafe(`create database ${name}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  const folder = await temporaryFolder()
  const opened = openPostgres(url.href)
  try {
    await cp(MIGRATIONS, folder.path, { recursive: true })
    const journal = JSON.parse(await readFile(`${folder.path}/meta/_journal.json`, 'utf8'))
    journal.entries = journal.entries.slice(0, count)
    await writeFile(`${folder.path}/meta/_journal.json`, JSON.stringify(journal))
    const client = postgres(url.href, { max: 1, onnotice: () => undefined })
    await migrate(drizzle(client), { migrationsFolder: folder.path })
    await client.end()
    await before(opened)
    await migratePostgres(url.href)
    await after(opened)
  } finally {
    await opened.close()
    await folder.remove()
    await server.unsafe(`drop database ${name} with (force)`)
    await server.end()
  }
}

it('counts no event again that the first version admitted, and archives what that had still to archive', () => {
  const events = ['a', 'b', 'Ü/"1"'].map((requestId, index) =>
    aPricedEvent({ requestId, projectId: 'prj_1', attempt: index + 1, ts: NOON }),
  )
  return upgraded(
    1,
    async ({ tables }) => {
      // Offsets 0 to 9 were counted and 0 to 3 archived; a batch to 6 was begun; 5 and 8 were repeats.
      for (const [index, offset] of [4, 6, 9].entries()) {
        const { projectId, requestId, attempt } = events[index] ?? events[0] ?? aPricedEvent({})
        await tables.execute(sql`insert into admissions values
          ('org_1', ${projectId}, ${requestId}, ${attempt}, ${NOON.toISOString()}, 5, 'j1', ${offset}, ${NOON.toISOString()})`)
      }
      await tables.execute(sql`insert into admissions
        select 'org_1', 'prj_1', 'other' || o, 1, ${NOON.toISOString()}, 5, 'j1', o, ${NOON.toISOString()}
        from unnest(array[0, 1, 2, 3, 7]) o`)
      await tables.execute(sql`insert into journal_readers values
        ('j1', 'ledger', 10, null, ${NOON.toISOString()}), ('j1', 'archive', 4, 6, ${NOON.toISOString()})`)
    },
    async (database) => {
      const batch = { journalId: 'j2', fromOffset: 0, nextOffset: 3 }
      const again = events.map((event, offset) => ({ offset, ...candidateOf(event) }))
      await expect(countBatch(database, { ...batch, events: again }, NOON)).resolves.toMatchObject({
        admitted: 0,
      })
      for (const [bounds, counted] of [
        [[4, 6], { admitted: 1, notAdmitted: new Set([5]) }],
        [[6, 10], { admitted: 3, notAdmitted: new Set([8]) }],
      ] as const) {
        const plan = await planArchive(database, { journalId: 'j1', eventsMax: 100 }, NOON)
        expect(plan && [plan.fromOffset, plan.nextOffset]).toEqual(bounds)
        if (plan === null) continue
        expect(await readCounted(database.tables, 'j1', plan)).toEqual(counted)
        await finishArchive(database, 'j1', plan, NOON)
      }
    },
  )
})

it('knows the steps of organisations that were there before steps were recorded, and welcomes nobody late', () =>
  upgraded(
    12,
    async ({ tables }) => {
      const at = NOON.toISOString()
      await tables.execute(
        sql`insert into organisations values ('org_1', 'Acme', ${at}), ('org_2', 'New', ${at})`,
      )
      await tables.execute(sql`insert into projects (id, org_id, name, created_at)
        values ('prj_1', 'org_1', 'one', ${at})`)
      await tables.execute(sql`insert into project_spend (org_id, project_id, day, spent_nano_usd, events, unpriced_events)
        values ('org_1', 'prj_1', '2026-11-09', 5, 1, 0)`)
      await tables.execute(sql`insert into slack_installations
        (id, org_id, team_id, team_name, bot_id, bot_user_id, bot_token, installed_by, installed_at)
        values ('ins_1', 'org_1', 'T1', 'Acme', 'B1', 'U1', '{}', 'U2', ${at})`)
    },
    async ({ tables }) => {
      const steps = (await listOnboardingSteps(tables)).map(({ orgId, step }) => `${orgId} ${step}`)
      expect(steps).toEqual(
        ['installed', 'project_named', 'first_event', 'proposed'].map((one) => `org_1 ${one}`),
      )
      await oweWelcomes(tables, NOON)
      expect(await claimWelcome(tables, NOON, 60_000)).toBeNull()
    },
  ))
