import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { open, parseKeyring } from '../../core/envelope.ts'
import { usd } from '../../core/money.ts'
import type { WebhookEventType } from '../../core/webhook/events.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { candidateOf } from './admit.ts'
import { countBatch } from './ledger.ts'
import { enqueueNotices } from './notices.ts'
import { grantOverride } from './overrides.ts'
import { auditLog, organisations, outbox, webhookDeliveries, webhooks } from './schema.ts'
import { liftWideStop, resumeBudget, stopBudget, stopWidely } from './stop-budget.ts'
import { listDeliveries, replayDeliveries } from './webhook-deliveries.ts'
import { claimDeliveries } from './webhook-sending.ts'
import {
  addWebhook,
  archiveWebhook,
  disableWebhook,
  enableWebhook,
  listWebhooks,
  rotateWebhookSecret,
  WEBHOOKS_PER_ORG_MAX,
  webhookSecretPurpose,
} from './webhooks.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const HOUR_MS = 3_600_000
const KEYRING = parseKeyring(`k1:${Buffer.alloc(32, 7).toString('base64')}`)
const BY = { by: 'ada', origin: 'cli' } as const

let database: FreshDatabase
let ground: Ground
let budgetId: string
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
  budgetId = await ground.setBudget('10', NOON)
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

async function add(events: readonly WebhookEventType[] | null = null, orgId = ground.orgId) {
  const endpoint = { url: 'https://hooks.example.com/lensai?token=hush', events }
  const made = await addWebhook(ground.postgres, { orgId, endpoint, ...BY }, KEYRING, NOON)
  if (made.kind === 'refused') throw new Error(made.why)
  if (made.kind !== 'added') throw new Error(made.kind)
  return { ...made, one: { orgId, webhookId: made.webhook.id, ...BY } }
}
const queued = async (webhookId?: string) => {
  const rows = await ground.postgres.tables.select().from(webhookDeliveries)
  return rows.filter((row) => webhookId === undefined || row.webhookId === webhookId)
}
const typesQueued = async (webhookId?: string) => (await queued(webhookId)).map(({ event }) => event).sort()
const stop = () => stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, NOON)
const claim = (at = NOON, perWebhookMax = 10) =>
  claimDeliveries(ground.postgres, { rowsMax: 100, perWebhookMax, leaseMs: 60_000 }, at)

describe('what webhooks are told', () => {
  it('is queued with what happened, once for each webhook that wants it', async () => {
    const [all, stops] = [await add(), await add(['budget.stopped'])]
    await ground.spend([usd('6'), usd('5')], NOON)
    expect(await typesQueued(all.webhook.id)).toEqual(['budget.stopped', 'budget.threshold_crossed'])
    expect(await typesQueued(stops.webhook.id)).toEqual(['budget.stopped'])
    await ground.spend([usd('1')], NOON)
    expect(await queued()).toHaveLength(3)
    const [stopped] = await queued(stops.webhook.id)
    expect(JSON.parse(stopped?.body ?? '')).toMatchObject({
      id: stopped?.id,
      data: {
        budget: { id: budgetId, spent_usd: '11.000000000', limit_usd: '10.000000000', state: 'stopped' },
      },
    })
  })

  it('is every turn of a budget: stopped by a person, resumed, overridden, and the limit raised', async () => {
    const { webhook } = await add()
    await stop()
    await resumeBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, NOON)
    await ground.spend([usd('10')], NOON)
    const leave = { amount: usd('5'), windowS: 3600, reason: 'launch', grantedBy: 'U2' }
    const granted = await grantOverride(ground.postgres, { orgId: ground.orgId, budgetId, ...leave }, NOON)
    expect(granted.kind).toBe('granted')
    await ground.spend([usd('5')], NOON)
    await ground.setBudget('40', NOON)
    const bodies = (await queued()).map(({ body }) => JSON.parse(body))
    const latest = bodies.sort((a, b) => a.data.sequence - b.data.sequence).at(-1)
    expect(latest).toMatchObject({ type: 'budget.lifted', data: { budget: { state: 'open' } } })
    expect(await typesQueued(webhook.id)).toEqual([
      ...['budget.lifted', 'budget.override_ended', 'budget.override_granted', 'budget.resumed'],
      ...['budget.stopped', 'budget.stopped', 'budget.stopped', 'budget.threshold_crossed'],
    ])
  })

  it('is every stop of a whole project or organisation too, whether or not it has a budget', async () => {
    const { webhook } = await add()
    const said = { orgId: ground.orgId, projectId: null, by: 'U1', origin: 'slack' } as const
    await stopWidely(ground.postgres, { ...said, reason: 'a key leaked' }, NOON)
    await liftWideStop(ground.postgres, said, NOON)
    await liftWideStop(ground.postgres, said, NOON)
    const bodies = (await queued(webhook.id)).map(({ body }) => JSON.parse(body))
    bodies.sort((a, b) => a.data.sequence - b.data.sequence)
    expect(bodies).toMatchObject([
      { type: 'calls.stopped', data: { project_id: null, person: 'U1', reason: 'a key leaked' } },
      { type: 'calls.resumed', data: { project_id: null, person: 'U1' } },
    ])
  })

  it('is not queued where what happened is rolled back, and neither without the other', async () => {
    await add()
    const { tables } = ground.postgres
    const before = await tables.$count(outbox)
    const about = { orgId: ground.orgId, budgetId, periodFrom: new Date('2026-11-01T00:00:00Z'), counter: '' }
    const failing = tables.transaction(async (tx) => {
      await enqueueNotices(tx, [{ ...about, notice: { kind: 'resumed', by: 'U1' } }], NOON)
      throw new Error('not after all')
    })
    await expect(failing).rejects.toThrow('not after all')
    expect([await tables.$count(outbox), await queued()]).toEqual([before, []])
  })

  it('is ordered by what happened to the budget, not by the clocks of those who did it', async () => {
    await add()
    const { orgId, postgres } = ground
    const behind = new Date(NOON.getTime() - HOUR_MS)
    await stop()
    await resumeBudget(postgres, { orgId, budgetId, by: 'U1' }, behind)
    await ground.spend([usd('10')], new Date(behind.getTime() - HOUR_MS))
    const bodies = (await queued()).map(({ body }) => JSON.parse(body))
    bodies.sort((a, b) => a.data.sequence - b.data.sequence)
    expect(bodies.map(({ type, data }) => [type, data.budget.state])).toEqual([
      ...[
        ['budget.stopped', 'stopped'],
        ['budget.resumed', 'open'],
      ],
      ...[
        ['budget.threshold_crossed', 'stopped'],
        ['budget.stopped', 'stopped'],
      ],
    ])
  })

  it('tells late spend of a month that is over without a word of how the budget stands now', async () => {
    await add()
    const december = new Date('2026-12-02T00:00:00Z')
    await ground.spend([usd('1')], NOON)
    const { postgres, orgId, project } = ground
    const event = aPricedEvent({ orgId, projectId: project.id, requestId: 'late', ts: NOON, cost: usd('9') })
    const batch = {
      journalId: 'journal-2',
      fromOffset: 0,
      nextOffset: 1,
      events: [{ offset: 0, ...candidateOf(event) }],
    }
    await countBatch(postgres, batch, december)
    const bodies = (await queued()).map(({ body }) => JSON.parse(body))
    expect(bodies.map(({ type }) => type)).toEqual(['budget.threshold_crossed'])
    expect(bodies[0].data.budget).not.toHaveProperty('state')
  })

  it('is none of the business of other organisations, nor of webhooks that are disabled or removed', async () => {
    const { tables } = ground.postgres
    await tables.insert(organisations).values({ id: 'org_2', name: 'Other', createdAt: NOON })
    const [disabled, removed] = [await add(), await add()]
    await add(null, 'org_2')
    await disableWebhook(ground.postgres, disabled.one, NOON)
    await archiveWebhook(ground.postgres, removed.one, NOON)
    await stop()
    expect(await queued()).toEqual([])
  })
})

describe('a claim', () => {
  it('takes each delivery for one sender, however many ask at once, and again when its lease is over', async () => {
    await add()
    for (let index = 0; index < 4; index += 1) {
      await stop()
      await resumeBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, NOON)
    }
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim(NOON, 100)))
    const ids = claims.flat().map(({ id }) => id)
    expect([ids.length, new Set(ids).size]).toEqual([8, 8])
    expect(await claim(new Date(NOON.getTime() + 59_999), 100)).toEqual([])
    const again = await claim(new Date(NOON.getTime() + 60_000), 100)
    expect(again.map(({ id, attempts }) => [id, attempts]).sort()).toEqual(ids.map((id) => [id, 2]).sort())
  })

  it('waits for no other sender that is taking one just now', async () => {
    await add()
    await stop()
    await resumeBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, NOON)
    const [taken, free] = await queued()
    const claimed = await ground.postgres.tables.transaction(async (tx) => {
      const which = eq(webhookDeliveries.id, taken?.id ?? '')
      await tx.select().from(webhookDeliveries).where(which).for('update')
      return await claim()
    })
    expect(claimed.map(({ id }) => id)).toEqual([free?.id])
  })

  it('takes no more of one webhook than may be under way', async () => {
    const [busy, other] = [await add(), await add(['budget.resumed'])]
    for (let index = 0; index < 3; index += 1) {
      await stop()
      await resumeBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, NOON)
    }
    const [first, second] = [await claim(NOON, 2), await claim(NOON, 2)]
    const of = (webhookId: string) => first.filter((each) => each.webhookId === webhookId).length
    expect([of(busy.webhook.id), of(other.webhook.id), second.length]).toEqual([2, 2, 0])
  })
})

describe('a webhook', () => {
  it('has its secret sealed, and told once', async () => {
    const { webhook, secret } = await add()
    const [row] = await ground.postgres.tables.select().from(webhooks)
    expect(JSON.stringify(row)).not.toContain(secret.slice(6))
    expect(JSON.stringify(await listWebhooks(ground.postgres.tables))).not.toMatch(/secret|ciphertext/)
    expect(row && open(row.secret, KEYRING, webhookSecretPurpose(webhook.id))).toBe(secret)
    const deeds = await ground.postgres.tables.select().from(auditLog)
    expect(JSON.stringify(deeds)).not.toMatch(/whsec_|hush/)
  })

  it('is rotated with both secrets in force, not twice over, and at once where that is asked', async () => {
    const { one, secret } = await add(['budget.stopped'])
    await stop()
    const rotate = (overlapMs: number, at: Date) =>
      rotateWebhookSecret(ground.postgres, { ...one, overlapMs }, KEYRING, at)
    const until = new Date(NOON.getTime() + HOUR_MS)
    expect(await rotate(HOUR_MS, NOON)).toMatchObject({ kind: 'rotated', previousUntil: until })
    expect(await rotate(HOUR_MS, NOON)).toEqual({ kind: 'refused', why: 'overlapping' })
    const [claimed] = await claim()
    expect(claimed?.secrets.previous?.until).toEqual(until)
    const purpose = webhookSecretPurpose(one.webhookId)
    expect(claimed?.secrets.previous && open(claimed.secrets.previous.secret, KEYRING, purpose)).toBe(secret)
    expect(await rotate(0, NOON)).toMatchObject({ kind: 'rotated' })
    const [row] = await ground.postgres.tables.select().from(webhooks)
    expect([row?.previousSecret, row?.previousUntil]).toEqual([null, null])
  })

  it('gives up what was still to be sent when it is disabled, and sends it when enabled and replayed', async () => {
    const { one, webhook } = await add()
    await stop()
    expect(await disableWebhook(ground.postgres, one, NOON)).toBe('done')
    expect(await disableWebhook(ground.postgres, one, NOON)).toBe('already')
    const replayed = () => {
      const what = { kind: 'failed_since', webhookId: webhook.id, since: NOON } as const
      return replayDeliveries(ground.postgres, { orgId: ground.orgId, what, ...BY }, NOON)
    }
    expect(await queued()).toMatchObject([{ state: 'failed', lastError: 'the webhook was disabled' }])
    expect([await claim(), await replayed()]).toEqual([[], { kind: 'refused', why: 'webhook_disabled' }])
    expect(await enableWebhook(ground.postgres, one, NOON)).toBe('done')
    const [before] = await queued()
    expect(await replayed()).toEqual({ kind: 'replayed', deliveries: 1 })
    expect(await claim()).toMatchObject([{ id: before?.id, body: before?.body }])
  })

  it('is nothing to another organisation, which can neither see, change nor replay it', async () => {
    const { one, webhook } = await add()
    await stop()
    const other = { ...one, orgId: 'org_2' }
    expect(await disableWebhook(ground.postgres, other, NOON)).toBe('unknown')
    expect(await archiveWebhook(ground.postgres, other, NOON)).toBe('unknown')
    expect(
      await rotateWebhookSecret(ground.postgres, { ...other, overlapMs: 0 }, KEYRING, NOON),
    ).toMatchObject({
      why: 'unknown',
    })
    const [delivery] = await queued()
    const what = { kind: 'one', deliveryId: delivery?.id ?? '' } as const
    const replayed = await replayDeliveries(ground.postgres, { orgId: 'org_2', what, ...BY }, NOON)
    expect(replayed).toEqual({ kind: 'refused', why: 'unknown' })
    const of = { orgId: 'org_2', webhookId: webhook.id, rowsMax: 10 }
    expect(await listDeliveries(ground.postgres.tables, of)).toEqual([])
    expect(await listWebhooks(ground.postgres.tables, { orgId: 'org_2' })).toEqual([])
  })

  it('is one of so many at most', async () => {
    for (let index = 0; index < WEBHOOKS_PER_ORG_MAX; index += 1) await add()
    await expect(add()).rejects.toThrow('too_many')
    const [first] = await listWebhooks(ground.postgres.tables)
    await archiveWebhook(ground.postgres, { orgId: ground.orgId, webhookId: first?.id ?? '', ...BY }, NOON)
    const racing = await Promise.allSettled([add(), add(), add()])
    expect(racing.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  })

  it('has every change of it in the audit trail, with who made it', async () => {
    const { one } = await add()
    await stop()
    const [delivery] = await queued()
    await rotateWebhookSecret(ground.postgres, { ...one, overlapMs: 0 }, KEYRING, NOON)
    const what = { kind: 'one', deliveryId: delivery?.id ?? '' } as const
    await replayDeliveries(ground.postgres, { orgId: ground.orgId, what, ...BY }, NOON)
    await disableWebhook(ground.postgres, one, NOON)
    await enableWebhook(ground.postgres, one, NOON)
    await archiveWebhook(ground.postgres, one, NOON)
    const deeds = await ground.postgres.tables
      .select({ action: auditLog.action, origin: auditLog.origin })
      .from(auditLog)
      .where(eq(auditLog.actor, 'ada'))
    expect(deeds.map(({ action }) => action).sort()).toEqual([
      ...['webhook.added', 'webhook.disabled', 'webhook.enabled', 'webhook.removed'],
      ...['webhook.replayed', 'webhook.secret_rotated'],
    ])
    expect(new Set(deeds.map(({ origin }) => origin))).toEqual(new Set(['cli']))
  })
})
