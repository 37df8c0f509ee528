import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findApiKey } from '../db/postgres/api-keys.ts'
import { openPostgres, type Postgres } from '../db/postgres/open.ts'
import { apiKeys, organisations, projects } from '../db/postgres/schema.ts'
import { type FreshDatabase, freshDatabase } from '../test/stores/postgres.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { bootstrap, mintProjectKey } from './bootstrap.ts'
import { readOrMakeSecrets, saveSecrets } from './secrets.ts'

const now = new Date('2026-11-23T10:00:00Z')
let database: FreshDatabase
let postgres: Postgres
let folder: TemporaryFolder

beforeEach(async () => {
  folder = await temporaryFolder()
  database = await freshDatabase()
  postgres = openPostgres(database.url, { connectionsMax: 2 })
})
afterEach(async () => {
  await postgres.close()
  await database.drop()
  await folder.remove()
})

/** What a start does: reads its secrets, and finds or makes what they belong to. */
const start = async () => bootstrap(postgres, folder.path, await readOrMakeSecrets(folder.path), now)

const countOf = async (table: typeof apiKeys | typeof organisations | typeof projects) =>
  (await postgres.tables.select().from(table)).length

describe('the first project', () => {
  it('has the same key at every start, and there is one organisation, project and key', async () => {
    const first = await start()
    expect(first.projectName).toBe('my-first-project')
    expect(await start()).toEqual(first)
    expect(await start()).toEqual(first)
    expect([await countOf(organisations), await countOf(projects), await countOf(apiKeys)]).toEqual([1, 1, 1])
  })

  it('has a key that sends events and reads verdicts, and does nothing else', async () => {
    const known = await findApiKey(postgres.tables, (await start()).apiKey)
    expect(known?.scopes).toEqual(['ingest', 'verdicts', 'holds'])
  })

  it('gets a fresh key when its key was revoked, and keeps that one', async () => {
    const first = await start()
    await postgres.tables.update(apiKeys).set({ revokedAt: now })
    const second = await start()
    expect(second.apiKey).not.toBe(first.apiKey)
    expect(second).toMatchObject({ orgId: first.orgId, projectName: first.projectName })
    expect(await findApiKey(postgres.tables, second.apiKey)).toMatchObject({ revokedAt: null })
    expect(await start()).toEqual(second)
  })

  it('gets a fresh key when its key is lost, on either side', async () => {
    const first = await start()
    await saveSecrets(folder.path, { ...(await readOrMakeSecrets(folder.path)), apiKey: '' })
    const second = await start()
    expect(second.apiKey).not.toBe(first.apiKey)
    await postgres.tables.delete(apiKeys)
    const third = await start()
    expect(third.apiKey).not.toBe(second.apiKey)
    expect(await findApiKey(postgres.tables, third.apiKey)).not.toBeNull()
    expect(await readdir(folder.path)).toEqual(['secrets.json'])
  })

  it('shares its database with other projects, each with a key of its own', async () => {
    const { orgId, apiKey } = await start()
    const known = await findApiKey(postgres.tables, apiKey)
    const of = { orgId, projectId: known?.projectId ?? '', name: 'replay' }
    expect(await mintProjectKey(postgres, of, now)).not.toBe(apiKey)
    expect((await start()).apiKey).toBe(apiKey)
  })
})
