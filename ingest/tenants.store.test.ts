/** Two organisations on one Postgres: neither counts for, reads or stops the other, whatever it names. */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mintApiKey } from '../core/api-key.ts'
import { usd } from '../core/money.ts'
import { saveApiKey } from '../db/postgres/api-keys.ts'
import { setMonthlyBudget } from '../db/postgres/monthly-budget.ts'
import { addModelAlias } from '../db/postgres/own-pricing.ts'
import { organisations, projectSpend, projects } from '../db/postgres/schema.ts'
import { stopBudget } from '../db/postgres/stop-budget.ts'
import { aWireEvent } from '../test/events/wire-event.ts'
import { type IngestGround, layIngestGround } from '../test/ingest/ingest-ground.ts'
import { journaledFrom } from '../test/ingest/journaled.ts'
import { eventually } from '../test/waiting.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const B = { org: 'org_b', project: 'prj_b', name: 'secret-project' }

let ground: IngestGround
let keyOfB: string
let budgetOfB: string
beforeEach(async () => {
  ground = await layIngestGround({ now: () => NOON, keys: { freshMs: 0 } })
  const { postgres } = ground
  const { tables } = postgres
  await tables.insert(organisations).values({ id: B.org, name: 'Other', createdAt: NOON })
  const policy = { ids: 'allow', kinds: { email: 'allow' } }
  const project = { id: B.project, orgId: B.org, name: B.name, redaction: policy, createdAt: NOON }
  await tables.insert(projects).values(project)
  const minted = mintApiKey()
  keyOfB = minted.text
  const owner = { orgId: B.org, projectId: B.project }
  await saveApiKey(tables, { ...owner, name: 'b', minted, scopes: ['ingest', 'verdicts'] }, NOON)
  const alias = { provider: 'azure', alias: 'prod', to_provider: 'azure', to_model: 'gpt-4o' }
  await addModelAlias(postgres, { orgId: B.org, by: 'U2', alias }, NOON)
  const setting = { ...owner, limit: usd('10'), slack: null, by: 'U2', origin: 'cli' } as const
  const set = await setMonthlyBudget(postgres, setting, NOON)
  if (set.kind !== 'set') throw new Error(set.refusal)
  budgetOfB = set.budgetId
  await stopBudget(postgres, { orgId: B.org, budgetId: budgetOfB, by: 'U2' }, NOON)
})
afterEach(() => ground.close())

const call = async (key: string, path: string, body?: unknown) => {
  const response = await fetch(`${ground.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}
const send = (key: string, fields: Record<string, unknown>) =>
  call(key, '/v1/events', { events: [aWireEvent({ ts: NOON.toISOString(), ...fields })] })
async function countedOf(projectId: string) {
  const rows = await ground.postgres.tables
    .select({ events: projectSpend.events, spent: projectSpend.spent })
    .from(projectSpend)
    .where(eq(projectSpend.projectId, projectId))
  return rows[0] ?? null
}

it('a call that has the ids of a call of another organisation is one of its own', async () => {
  const ids = { request_id: 'r-shared', provider_response_id: 'chatcmpl-shared', trace_id: 't', span_id: 's' }
  expect((await send(keyOfB, ids)).status).toBe(202)
  expect((await send(ground.key, ids)).status).toBe(202)
  expect((await send(ground.key, ids)).status).toBe(202)
  const projectIds = [B.project, ground.project.id]
  await eventually(async () => {
    const counted = await Promise.all(projectIds.map(countedOf))
    expect(counted).toEqual(Array(2).fill({ events: 1, spent: usd('0.0035') }))
  })
})

it('a verdict is of the own project alone, also when it is asked for another, and a stop stops its own', async () => {
  for (const path of ['/v1/verdicts', `/v1/verdicts?project_id=${B.project}&budget_id=${budgetOfB}`]) {
    const { status, text } = await call(ground.key, path)
    expect([status, JSON.parse(text)]).toMatchObject([200, { project_id: ground.project.id, allowed: true }])
    for (const fact of [B.org, B.project, B.name, budgetOfB]) expect(text).not.toContain(fact)
  }
  expect(JSON.parse((await call(keyOfB, '/v1/verdicts')).text)).toMatchObject({ allowed: false })
})

it('names, prices and policies hold for the organisation that set them', async () => {
  const fields = { provider: 'azure', model: 'prod', user_id: 'ada@example.com' }
  for (const key of [keyOfB, ground.key]) await send(key, { ...fields, request_id: 'r' })
  const read = await journaledFrom(ground.journal, 0)
  expect(read.map(({ event }) => [event.projectId, event.userId, event.costSource])).toEqual([
    [B.project, 'ada@example.com', 'computed'],
    [ground.project.id, expect.stringMatching(/^email:h_/), 'unpriced'],
  ])
})
