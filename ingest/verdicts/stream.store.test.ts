import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usd } from '../../core/money.ts'
import { grantOverride, saveOverridePolicy } from '../../db/postgres/overrides.ts'
import { apiKeys } from '../../db/postgres/schema.ts'
import { stopBudget } from '../../db/postgres/stop-budget.ts'
import { aWireEvent } from '../../test/events/wire-event.ts'
import { type IngestGround, layIngestGround } from '../../test/ingest/ingest-ground.ts'
import { listenToVerdicts, type VerdictListener } from '../../test/ingest/verdict-listener.ts'

/** Real time, moved to the middle of a month, so that no run of this test meets the end of one. */
const startedAt = Date.now()
const now = () => new Date(Date.UTC(2026, 10, 10, 12) + Date.now() - startedAt)

let ground: IngestGround
let listeners: VerdictListener[]
/** What one event costs at the listed price: 1,000 tokens in at $2.50 and 100 out at $10 a million. */
const COST = usd('0.0035')

beforeEach(async () => {
  listeners = []
  // Looking by itself only after a minute: what is heard sooner was signalled, or came by the clock.
  ground = await layIngestGround({
    now,
    verdicts: { lookMs: 60_000 },
    keys: { freshMs: 500 },
    keyCheckMs: 200,
    streamsPerKeyMax: 2,
  })
})
afterEach(async () => {
  for (const listener of listeners) listener.close()
  await ground.close()
})

const listen = async () => {
  const listener = await listenToVerdicts(ground.url, ground.key)
  listeners.push(listener)
  return listener
}
async function send(requestIds: readonly string[]) {
  const ts = now().toISOString()
  const response = await fetch(`${ground.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ground.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: requestIds.map((request_id) => aWireEvent({ request_id, ts })) }),
  })
  expect(response.status).toBe(202)
}
const limitOf = (limit: string) => ground.setBudget(limit, now())
const stateIs = (state: string) => (verdict: { budgets: readonly { state: string }[] }) =>
  verdict.budgets[0]?.state === state

describe('the stream of verdicts', () => {
  it('tells of the stop, of the override, and of the end of its window by the clock alone', async () => {
    const budgetId = await limitOf('0.01')
    const listener = await listen()
    await listener.waitFor((verdict) => verdict.allowed && stateIs('open')(verdict))

    await send(['r1', 'r2', 'r3'])
    const stopped = await listener.waitFor(stateIs('stopped'))
    expect(stopped).toMatchObject({
      allowed: false,
      budgets: [{ stopped_by: 'limit', spent_nano_usd: (COST * 3n).toString(), remaining_nano_usd: '0' }],
    })

    const { postgres, orgId } = ground
    const policy = { lifters: 'members', windowsS: [1], amountMax: null } as const
    await saveOverridePolicy(postgres, { orgId, policy, by: 'U1' }, now())
    const request = { orgId, budgetId, amount: usd('5'), windowS: 1, reason: 'launch day', grantedBy: 'U1' }
    const granted = await grantOverride(postgres, request, now())
    const until = granted.kind === 'granted' ? granted.override.until : null
    const overridden = await listener.waitFor(stateIs('overridden'))
    expect(overridden).toMatchObject({ allowed: true, budgets: [{ until: until?.toISOString() }] })

    // Nobody writes or signals anything from here on.
    const again = await listener.waitFor(stateIs('stopped'))
    expect(again).toMatchObject({ allowed: false, budgets: [{ since: until?.toISOString() }] })
    expect(now().getTime() - (until?.getTime() ?? 0)).toBeLessThan(500)
  })

  it('tells the stop within half a second of the commit that crossed', async () => {
    await limitOf('0.001')
    const listener = await listen()
    await listener.waitFor((verdict) => verdict.allowed)
    await send(['r1'])
    while (ground.ledger.status().lagEvents > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    const committedAtMs = Date.now()
    await listener.waitFor((verdict) => !verdict.allowed)
    expect(Date.now() - committedAtMs).toBeLessThan(500)
  })

  it('tells of every change of what was spent in the end, also of the last one of a burst', async () => {
    await limitOf('1000')
    const listener = await listen()
    await listener.waitFor(() => true)
    for (let index = 0; index < 40; index++) await send([`r${index}`])
    await listener.waitFor(({ budgets }) => budgets[0]?.spent_nano_usd === (COST * 40n).toString())
  })

  it('begins with the verdict of a project without a budget, and tells of its first budget', async () => {
    const listener = await listen()
    expect(await listener.waitFor(() => true)).toMatchObject({ allowed: true, budgets: [] })
    const budgetId = await limitOf('10')
    await listener.waitFor(stateIs('open'))
    await stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, now())
    expect(await listener.waitFor(stateIs('stopped'))).toMatchObject({ budgets: [{ stopped_by: 'person' }] })
  })

  it('says that it lives while nothing changes, and nothing else', async () => {
    const listener = await listen()
    await new Promise((resolve) => setTimeout(resolve, 3_300))
    expect(listener.comments()).toBe(1)
    expect(listener.verdicts.length).toBe(1)
  })

  it('says the same as the plain call', async () => {
    await limitOf('10')
    const listener = await listen()
    const heard = await listener.waitFor(() => true)
    const response = await fetch(`${ground.url}/v1/verdicts`, {
      headers: { authorization: `Bearer ${ground.key}` },
    })
    expect(await response.json()).toEqual({
      ...heard,
      as_of: expect.any(String),
      age_ms: expect.any(Number),
    })
  })

  it('ends when its key is revoked', async () => {
    const listener = await listen()
    await listener.waitFor(() => true)
    await ground.postgres.tables.update(apiKeys).set({ revokedAt: now() }).where(eq(apiKeys.id, ground.keyId))
    await listener.ended
    await expect(listen()).rejects.toThrow('401')
  })

  it('is refused beyond the bound of one key, and free again when one is closed', async () => {
    const first = await listen()
    await listen()
    await expect(listen()).rejects.toThrow('429')
    first.close()
    await first.ended
    await expect
      .poll(() =>
        listen().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  it('ends when the server does, at once', async () => {
    const listener = await listen()
    await listener.waitFor(() => true)
    const before = Date.now()
    await ground.stopServing()
    await listener.ended
    expect(Date.now() - before).toBeLessThan(1_000)
  })
})
