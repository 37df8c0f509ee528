/** What an outage in the middle of a transaction does to the process: an exception that nobody catches fails the run. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type BreakableLink, breakableLink } from '../../test/stores/breakable-link.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { openPostgres, type Postgres } from './open.ts'

let database: FreshDatabase
let link: BreakableLink
let postgres: Postgres
beforeEach(async () => {
  database = await freshDatabase()
  link = await breakableLink(database.url)
  postgres = openPostgres(link.url, { connectionsMax: 1 })
})
afterEach(async () => {
  await postgres.close()
  await link.close()
  await database.drop()
})

const rows = () => postgres.tables.execute(sql`select name from organisations`)
const insert = sql`insert into organisations (id, name, created_at) values ('org_1', 'one', now())`

/** How a transaction may be at work when its connection goes: what it does after the cut. */
const works: Readonly<Record<string, (cut: () => Promise<void>) => Promise<unknown>>> = {
  'while it waits for a statement': (cut) =>
    postgres.tables.transaction(async (tx) => {
      await tx.execute(insert)
      await Promise.all([tx.execute(sql`select pg_sleep(1)`), sleep(50).then(cut)])
    }),
  'between two statements': (cut) =>
    postgres.tables.transaction(async (tx) => {
      await tx.execute(insert)
      await cut()
      await tx.execute(sql`select 1`)
    }),
  'before it commits': (cut) =>
    postgres.tables.transaction(async (tx) => {
      await tx.execute(insert)
      await cut()
    }),
  'before it gives up by itself': (cut) =>
    postgres.tables.transaction(async (tx) => {
      await tx.execute(insert)
      await cut()
      throw new Error('this call is refused')
    }),
}

it.each(Object.keys(works))(
  'a transaction whose connection is lost %s rejects, and changes nothing',
  async (name) => {
    // Long enough for the client to hear of it.
    const cut = async () => {
      await link.cut()
      await sleep(50)
    }
    await expect(works[name]?.(cut)).rejects.toThrow()
    await sleep(50)
    await link.mend()
    expect(await rows()).toEqual([])
    await postgres.tables.transaction((tx) => tx.execute(insert))
    expect(await rows()).toHaveLength(1)
  },
)

it('a transaction that fails while its connection lives is rolled back, with the error it failed by', async () => {
  const failing = postgres.tables.transaction(async (tx) => {
    await tx.execute(insert)
    throw new Error('this call is refused')
  })
  await expect(failing).rejects.toThrow('this call is refused')
  expect(await rows()).toEqual([])
})
