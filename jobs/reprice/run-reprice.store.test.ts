import { afterEach, beforeEach, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { modelAliases, ownPrices } from '../../db/postgres/schema.ts'
import { layRepriceGround, NOON, type RepriceGround } from '../../test/reprice/reprice-ground.ts'
import { runReprice } from './run-reprice.ts'

let ground: RepriceGround
beforeEach(async () => {
  ground = await layRepriceGround()
})
afterEach(() => ground.close())

it('shows first and applies when told to, by the prices of the list', async () => {
  // As a model that the list did not know when it was called.
  const tokens = { in: 1_000_000, out: 0, cacheRead: 0, cacheWrite5m: 0 }
  const noTokens = { cacheWrite1h: 0, reasoning: 0, audioIn: 0, audioOut: 0 }
  const call = { provider: 'openai', model: 'gpt-4o', cost: null, tokens: { ...tokens, ...noTokens } }
  await ground.report([call, { ...call, model: 'nobody-knows-me' }])
  const env = {
    DATABASE_URL: ground.urls.postgres,
    CLICKHOUSE_URL: ground.urls.clickhouse,
    OBJECT_STORE_URL: ground.urls.objects,
  }
  const caller = { env, now: () => new Date(NOON.getTime() + 60_000), by: 'operator@host' }
  const run = async (...words: string[]) => {
    const outcome = await runReprice(['--org', ground.orgId, ...words], caller)
    if (outcome.kind !== 'done') throw new Error(outcome.problems.join())
    return outcome.lines.join('\n')
  }
  const preview = await run()
  expect(preview).toMatch(/support-bot +openai\/gpt-4o +1 +unpriced +\$2\.500000000 +\+\$2\.500000000/)
  expect(preview).toMatch(/openai\/nobody-knows-me +0 .*1: no price is known/)
  expect(preview).toContain('Nothing was changed')
  expect((await ground.sums()).ledger).toEqual([0n, 2, 2])
  expect(await run('--apply')).toContain('This is applied.')
  expect((await ground.sums()).clickhouse).toEqual([usd('2.50'), 2, 1])
  expect(await run()).not.toContain('gpt-4o')
  // What the organisation writes down of its own: what it pays, and what its deployments are.
  const { orgId, postgres } = ground
  const alias = { provider: 'openai', alias: 'nobody-knows-me', to_provider: 'openai', to_model: 'gpt-4o' }
  const rates = { input: '2', output: '8' }
  const from = '2026-11-01T00:00:00Z'
  const price = { provider: 'openai', model: 'gpt-4o', from, usd_per_million: rates }
  const own = { orgId, createdBy: 'U1', createdAt: NOON }
  await postgres.tables.insert(modelAliases).values({ id: 'a', ...own, alias })
  await postgres.tables.insert(ownPrices).values({ id: 'p', ...own, price })
  expect(await run('--all', '--apply')).toContain('-$0.500000000')
  expect((await ground.sums()).clickhouse).toEqual([usd('4'), 2, 0])
  const { OBJECT_STORE_URL: _, ...without } = env
  expect(await runReprice(['--org', ground.orgId, '--apply'], { ...caller, env: without })).toMatchObject({
    kind: 'misconfigured',
    problems: [expect.stringContaining('OBJECT_STORE_URL is missing')],
  })
  await postgres.tables.insert(ownPrices).values({ id: 'q', ...own, price: {} })
  expect(await runReprice(['--org', orgId], caller)).toMatchObject({ kind: 'failed' })
})

it('puts a flex call right that an earlier version priced by the standard rate, when all calls are asked for', async () => {
  const { clickhouse, orgId, urls } = ground
  const before = (await ground.sums()).ledger
  await ground.report([
    {
      ...{ provider: 'openai', model: 'o3', serviceTier: 'flex', cost: usd('2'), costSource: 'estimated' },
      priceVersion: 'genai-prices@0.1.8:openai/o3',
    },
  ])
  const env = {
    ...{ DATABASE_URL: urls.postgres, CLICKHOUSE_URL: urls.clickhouse, OBJECT_STORE_URL: urls.objects },
  }
  const caller = { env, now: () => new Date(NOON.getTime() + 60_000), by: 'operator@host' }
  const run = async (...words: string[]) => {
    const outcome = await runReprice(['--org', orgId, '--model', 'o3', ...words], caller)
    if (outcome.kind !== 'done') throw new Error(outcome.problems.join())
    return outcome.lines.join('\n')
  }
  expect(await run()).not.toContain('openai/o3')
  expect(await run('--all')).toMatch(/openai\/o3 +1 +\$2\.000000000 +\$1\.000000000 +-\$1\.000000000/)
  await run('--all', '--apply')
  const answer = await clickhouse.query({
    query: `SELECT toString(cost_nano_usd) AS cost, cost_source, price_version, service_tier FROM events
      WHERE model = 'o3' AND isNotNull(adjusts_request_id)`,
    format: 'JSONEachRow',
  })
  expect(await answer.json()).toEqual([
    {
      ...{ cost: '-1000000000', cost_source: 'computed', service_tier: 'flex' },
      price_version: expect.stringMatching(/openai\/o3\+tier:flex@\d{4}-\d\d-\d\d$/),
    },
  ])
  await run('--all', '--apply')
  expect((await ground.sums()).ledger[0] - before[0]).toBe(usd('1'))
})
