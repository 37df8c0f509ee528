import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseKeyring } from '../../core/envelope.ts'
import { ATTEMPTS_MAX } from '../../core/webhook/schedule.ts'
import { auditLog, webhookDeliveries, webhooks } from '../../db/postgres/schema.ts'
import { resumeBudget, stopBudget } from '../../db/postgres/stop-budget.ts'
import { replayDeliveries } from '../../db/postgres/webhook-deliveries.ts'
import { claimDeliveries } from '../../db/postgres/webhook-sending.ts'
import { addWebhook, rotateWebhookSecret } from '../../db/postgres/webhooks.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { eventually, until } from '../../test/waiting.ts'
import { openReceiver, type Received, type Receiver, status } from '../../test/webhooks/receiver.ts'
import { post } from './post.ts'
import { resolveByMachine } from './public-addresses.ts'
import { resealWebhookSecrets } from './reseal-secrets.ts'
import { runSender, SENDER_LIMITS } from './run-sender.ts'
import { type SendDeps, sendDelivery } from './send-delivery.ts'

const NOON_MS = Date.UTC(2026, 10, 10, 12)
const HOUR_MS = 3_600_000
const KEY_1 = `k1:${Buffer.alloc(32, 7).toString('base64')}`
const KEYRING = parseKeyring(KEY_1)
const BY = { by: 'ada', origin: 'cli' } as const

let elapsedMs: number
let database: FreshDatabase
let ground: Ground
let budgetId: string
let logged: string[]
const closing: (() => Promise<unknown>)[] = []
const now = () => new Date(NOON_MS + elapsedMs)
beforeEach(async () => {
  elapsedMs = 0
  logged = []
  database = await freshDatabase()
  ground = await layGround(database.url, now())
  budgetId = await ground.setBudget('10', now())
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await ground.postgres.close()
  await database.drop()
})

const note = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`)
const deps = (timeoutMs = 5_000): SendDeps => ({
  ...{ postgres: ground.postgres, keyring: KEYRING, now, random: () => 0.5 },
  log: { info: note, warn: note, error: note },
  post: (posted) => post(posted, { resolve: resolveByMachine, allowLoopback: true, now, timeoutMs }),
})

async function listening(): Promise<{ there: Receiver; webhookId: string; secret: string }> {
  const there = await openReceiver()
  closing.push(there.close)
  const endpoint = { url: `${there.url}?token=hush`, events: null }
  const made = await addWebhook(ground.postgres, { orgId: ground.orgId, endpoint, ...BY }, KEYRING, now())
  if (made.kind !== 'added') throw new Error(made.kind)
  return { there, webhookId: made.webhook.id, secret: made.secret }
}
const budget = () => ({ orgId: ground.orgId, budgetId, by: 'U1' })
const stop = () => stopBudget(ground.postgres, budget(), now())
const resume = () => resumeBudget(ground.postgres, budget(), now())
const claim = () =>
  claimDeliveries(ground.postgres, { rowsMax: 100, perWebhookMax: 100, leaseMs: 60_000 }, now())
/** Sends what is due now, and says how much that was. */
async function sendDue(): Promise<number> {
  const due = await claim()
  await Promise.all(due.map((claimed) => sendDelivery(claimed, deps())))
  return due.length
}
const deliveries = () => ground.postgres.tables.select().from(webhookDeliveries)
function running(timeoutMs = 5_000, limits = SENDER_LIMITS, changed: Partial<SendDeps> = {}): void {
  const sender = runSender({ ...deps(timeoutMs), ...changed }, limits)
  closing.push(() => sender.stop())
}

/** The receiver's check, as docs/webhooks.md gives it. */
function isSignedBy(secret: string, { headers, body }: Received): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const expected = createHmac('sha256', key).update(signed).digest('base64')
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`)
}

describe('the sender of webhooks', () => {
  it('sends what happened within a second of its commit, signed, and once', async () => {
    const { there, secret } = await listening()
    running()
    await stop()
    const [received] = await until('the webhook', 5_000, () => there.received.length > 0 && there.received)
    if (!received) throw new Error('nothing was received')
    expect(isSignedBy(secret, received)).toBe(true)
    expect(received.headers['content-type']).toBe('application/json')
    const body = JSON.parse(received.body)
    expect(body).toMatchObject({ type: 'budget.stopped', data: { by: 'person', person: 'U1' } })
    expect(body.id).toBe(received.headers['webhook-id'])
    await eventually(async () =>
      expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 1, lastStatus: 204 }]),
    )
    expect([there.received.length, await sendDue()]).toEqual([1, 0])
  })

  it('sends all the same where Postgres cannot wake it, and when it stumbles', async () => {
    const { there } = await listening()
    const listen = () => Promise.reject(new Error('no connection'))
    let isAway = true
    const away = () => (isAway ? lostPostgres().tables : ground.postgres.tables)
    const postgres = {
      ...ground.postgres,
      listen,
      get tables() {
        return away()
      },
    }
    running(5_000, { ...SENDER_LIMITS, lookEveryMs: 50 }, { postgres })
    await stop()
    await until('word of it', 5_000, () => logged.some((line) => line.includes('stumbled and goes on')))
    isAway = false
    await until('the webhook', 10_000, () => there.received.length === 1)
    expect(logged.join('\n')).toMatch(/looked for by the clock until Postgres can wake their sender/)
  })

  it('repeats what was sent and not yet kept when a sender was killed: the same id, body and event', async () => {
    const { there } = await listening()
    await stop()
    const [claimed] = await claim()
    if (!claimed) throw new Error('nothing is due')
    // Sent, and then nothing more is heard of this sender.
    await sendDelivery(claimed, { ...deps(), postgres: lostPostgres() }).catch(() => undefined)
    expect(there.received).toHaveLength(1)
    expect(await sendDue()).toBe(0)
    elapsedMs = 60_000
    expect(await sendDue()).toBe(1)
    const [first, second] = there.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second?.body).toBe(first?.body)
    expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 2 }])
  })

  it('tries again in growing pauses, with a new timestamp each time, until it gives up and says so', async () => {
    const { there, secret } = await listening()
    there.answer = status(500)
    await stop()
    const pausesS: number[] = []
    for (let attempt = 1; ; attempt += 1) {
      expect(await sendDue()).toBe(1)
      const [delivery] = await deliveries()
      if (delivery?.state !== 'retrying') break
      expect(delivery).toMatchObject({ attempts: attempt, lastStatus: 500, lastError: 'answered 500' })
      pausesS.push((delivery.nextAt.getTime() - now().getTime()) / 1000)
      elapsedMs = delivery.nextAt.getTime() - NOON_MS - 1
      expect(await sendDue()).toBe(0)
      elapsedMs += 1
    }
    expect(pausesS).toEqual([5, 60, 300, 1800, 7200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200])
    expect(await deliveries()).toMatchObject([{ state: 'failed', attempts: ATTEMPTS_MAX, attemptsLeft: 0 }])
    expect(there.received.every((each) => isSignedBy(secret, each))).toBe(true)
    expect(new Set(there.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(there.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(ATTEMPTS_MAX)
    expect(logged.at(-1)).toMatch(/was not delivered, and is not tried again/)
    expect(logged.join('\n')).not.toMatch(/hush|whsec_/)
  })

  it('sends again what a person replays, under its old id, also what had arrived', async () => {
    const { there, webhookId } = await listening()
    await stop()
    await sendDue()
    const [delivery] = await deliveries()
    const what = { kind: 'one', deliveryId: delivery?.id ?? '' } as const
    const replay = () => replayDeliveries(ground.postgres, { orgId: ground.orgId, what, ...BY }, now())
    expect(await replay()).toEqual({ kind: 'replayed', deliveries: 1 })
    expect(await sendDue()).toBe(1)
    expect(there.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery?.id, delivery?.id])
    const since = { kind: 'failed_since', webhookId, since: new Date(NOON_MS) } as const
    expect(
      await replayDeliveries(ground.postgres, { orgId: ground.orgId, what: since, ...BY }, now()),
    ).toEqual({ kind: 'replayed', deliveries: 0 })
  })

  it('keeps nothing of an attempt that someone replayed away meanwhile', async () => {
    const { there } = await listening()
    there.answer = status(500)
    await stop()
    const [claimed] = await claim()
    if (!claimed) throw new Error('nothing is due')
    const what = { kind: 'one', deliveryId: claimed.id } as const
    await replayDeliveries(ground.postgres, { orgId: ground.orgId, what, ...BY }, now())
    await sendDelivery(claimed, deps())
    expect(await deliveries()).toMatchObject([{ state: 'pending', attemptsLeft: ATTEMPTS_MAX }])
  })

  it('disables a webhook that answers 410, gives up what waits for it, and names the system for it', async () => {
    const { there, webhookId } = await listening()
    there.answer = status(410)
    await stop()
    await resume()
    const [first, second] = await claim()
    if (!first || !second) throw new Error('two are due')
    await sendDelivery(first, deps())
    expect(await ground.postgres.tables.select().from(webhooks)).toMatchObject([{ disabledWhy: 'gone' }])
    expect((await deliveries()).map(({ state }) => state)).toEqual(['failed', 'failed'])
    await sendDelivery(second, deps())
    await stop()
    expect([await sendDue(), await deliveries()]).toEqual([0, expect.objectContaining({ length: 2 })])
    const deeds = await ground.postgres.tables.select().from(auditLog)
    expect(deeds.filter(({ action }) => action === 'webhook.disabled')).toMatchObject([
      { actor: 'system', subject: webhookId, after: { why: 'gone' } },
    ])
  })

  it('sends nothing to a webhook that asked for time before that is over, what is new neither', async () => {
    const { there } = await listening()
    there.answer = status(429, { 'retry-after': '3600' })
    await stop()
    await sendDue()
    await resume()
    elapsedMs = HOUR_MS - 1
    there.answer = status(204)
    expect(await sendDue()).toBe(0)
    elapsedMs = HOUR_MS
    expect(await sendDue()).toBe(2)
    expect((await deliveries()).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  })

  it('signs with both secrets while they overlap, so that no receiver misses one', async () => {
    const { there, webhookId, secret } = await listening()
    const one = { orgId: ground.orgId, webhookId, ...BY }
    const rotated = await rotateWebhookSecret(ground.postgres, { ...one, overlapMs: HOUR_MS }, KEYRING, now())
    if (rotated.kind !== 'rotated') throw new Error(rotated.kind)
    await stop()
    await sendDue()
    elapsedMs = HOUR_MS
    await resume()
    await sendDue()
    const signed = there.received.map((each) => [isSignedBy(secret, each), isSignedBy(rotated.secret, each)])
    expect(signed).toEqual([
      [true, true],
      [false, true],
    ])
  })

  it('goes on with secrets sealed anew after the sealing key was rotated', async () => {
    const { there, secret } = await listening()
    const both = parseKeyring(`k2:${Buffer.alloc(32, 9).toString('base64')},${KEY_1}`)
    expect(await resealWebhookSecrets(ground.postgres, both)).toBe(1)
    expect(await resealWebhookSecrets(ground.postgres, both)).toBe(0)
    const strange = parseKeyring(`k3:${Buffer.alloc(32, 11).toString('base64')}`)
    await expect(resealWebhookSecrets(ground.postgres, strange)).rejects.toThrow(
      /^not sealed anew: whk_\w+ \(1 in all\)$/,
    )
    await stop()
    const alone = parseKeyring(`k2:${Buffer.alloc(32, 9).toString('base64')}`)
    for (const claimed of await claim()) await sendDelivery(claimed, { ...deps(), keyring: alone })
    expect(there.received.map((each) => isSignedBy(secret, each))).toEqual([true])
  })

  it('keeps a delivery whose secret does not open for when the key is back', async () => {
    const { there } = await listening()
    await stop()
    const without = parseKeyring(`k2:${Buffer.alloc(32, 9).toString('base64')}`)
    for (const claimed of await claim()) await sendDelivery(claimed, { ...deps(), keyring: without })
    expect(logged.join('\n')).toMatch(/put the key that sealed it back into LENS_SECRET_KEYS/)
    elapsedMs = 10_000
    await sendDue()
    expect(there.received).toHaveLength(1)
  })

  it('lets a webhook that never answers hold up nobody but itself', async () => {
    const [slow, quick] = [await listening(), await listening()]
    let openAtOnce = 0
    slow.there.answer = () => {
      openAtOnce += 1
    }
    running(60_000, { ...SENDER_LIMITS, atOnceMax: 4, perWebhookMax: 2 })
    closing.push(slow.there.close)
    for (let index = 0; index < 10; index += 1) await (index % 2 === 0 ? stop() : resume())
    await until('all of the quick one', 10_000, () => quick.there.received.length === 10)
    expect(openAtOnce).toBe(2)
    const states = await deliveries()
    expect(states.filter((each) => each.webhookId === slow.webhookId).map(({ state }) => state)).toEqual(
      Array.from({ length: 10 }, () => 'pending'),
    )
  })
})

/** A connection that is gone for good. */
function lostPostgres(): SendDeps['postgres'] {
  const lost = () => Promise.reject(new Error('the connection is gone'))
  return {
    ...ground.postgres,
    tables: Object.assign(Object.create(ground.postgres.tables), { transaction: lost }),
  }
}
