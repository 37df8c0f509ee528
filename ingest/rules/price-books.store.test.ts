import { afterEach, beforeEach, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { addModelAlias, addOwnPrice, archiveOwnPricing } from '../../db/postgres/own-pricing.ts'
import { auditLog, ownPrices } from '../../db/postgres/schema.ts'
import { type IngestGround, layIngestGround } from '../../test/ingest/ingest-ground.ts'
import { journaledFrom } from '../../test/ingest/journaled.ts'
import { keepBooks } from './price-books.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
let ground: IngestGround
beforeEach(async () => {
  ground = await layIngestGround({ now: () => NOON, keys: { freshMs: 0 } })
})
afterEach(() => ground.close())

let sent = 0
async function costOf(provider: string, model: string) {
  sent += 1
  const usage = { tokens_in: 1_000_000, tokens_out: 0 }
  const event = { request_id: `r${sent}`, ts: NOON.toISOString(), provider, model, latency_ms: 1, ...usage }
  const fromOffset = ground.journal.endOffset()
  const answer = await fetch(`${ground.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ground.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
  })
  expect(answer.status).toBe(202)
  const [read] = await journaledFrom(ground.journal, fromOffset)
  return read && [read.event.cost, read.event.costSource, read.event.priceVersion]
}

it('what an organisation pays is what its calls cost, from when it was said until it is taken back', async () => {
  const { postgres, orgId } = ground
  const deed = { orgId, by: 'U1' }
  expect(await costOf('azure', 'prod-chat')).toEqual([null, 'unpriced', null])
  const alias = { provider: 'azure', alias: 'prod-chat', to_provider: 'azure', to_model: 'gpt-4o' }
  await addModelAlias(postgres, { ...deed, alias }, NOON)
  expect(await costOf('azure', 'prod-chat')).toEqual([
    usd('2.5'),
    'computed',
    expect.stringMatching(/^genai-prices@.*azure\/gpt-4o$/),
  ])
  const price = {
    provider: 'azure',
    model: 'gpt-4o',
    from: '2026-11-01T00:00:00Z',
    usd_per_million: { input: '2.1', output: '8' },
  }
  const id = await addOwnPrice(postgres, { ...deed, price }, NOON)
  expect(await costOf('azure', 'prod-chat')).toEqual([usd('2.1'), 'computed', `own:${id}`])
  expect(await archiveOwnPricing(postgres, { ...deed, id }, NOON)).toBe(true)
  expect(await archiveOwnPricing(postgres, { ...deed, id }, NOON)).toBe(false)
  expect((await costOf('azure', 'prod-chat'))?.[0]).toBe(usd('2.5'))
  const deeds = await postgres.tables.select({ action: auditLog.action }).from(auditLog)
  expect(deeds.map(({ action }) => action).sort()).toEqual([
    'model_alias.added',
    'own_price.added',
    'own_pricing.archived',
  ])
})

it('a stored price that cannot be read is told in the log, and the list holds', async () => {
  const { postgres, orgId } = ground
  await postgres.tables
    .insert(ownPrices)
    .values({ id: 'prc_x', orgId, price: { model: 7 }, createdBy: 'U1', createdAt: NOON })
  const told: object[] = []
  const ignore = () => undefined
  const booksOf = keepBooks(postgres.tables, {
    info: ignore,
    warn: ignore,
    error: (facts) => told.push(facts),
  })
  const [book, again] = [await booksOf(orgId), await booksOf(orgId)]
  expect(again).toBe(book)
  expect(book.ratesAt('openai', 'gpt-4o', NOON)?.priceVersion).toMatch(/^genai-prices/)
  expect(told).toEqual([{ orgId, problems: [expect.stringMatching(/^prc_x: .*model must be a text/)] }])
})
