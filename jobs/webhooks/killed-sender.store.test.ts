/** The process of the jobs, killed between a receiver's taking a webhook and our keeping that. */
import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseKeyring } from '../../core/envelope.ts'
import { webhookDeliveries } from '../../db/postgres/schema.ts'
import { stopBudget } from '../../db/postgres/stop-budget.ts'
import { addWebhook } from '../../db/postgres/webhooks.ts'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { eventually, until } from '../../test/waiting.ts'
import { openReceiver, type Receiver, status } from '../../test/webhooks/receiver.ts'

const KEYRING_TEXT = `k1:${Buffer.alloc(32, 7).toString('base64')}`
const STARTED_WITHIN_MS = 20_000

let database: FreshDatabase
let analytics: FreshClickHouse
let ground: Ground
let there: Receiver
const processes: ChildProcess[] = []
beforeEach(async () => {
  database = await freshDatabase()
  analytics = await freshClickHouse()
  ground = await layGround(database.url, new Date())
  there = await openReceiver()
})
afterEach(async () => {
  for (const process of processes.splice(0)) await killed(process)
  await there.close()
  await ground.postgres.close()
  await analytics.drop()
  await database.drop()
})

async function startJobs(changed: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const { PATH, HOME } = process.env
  const env = {
    ...{ PATH, HOME, LENS_SECRET_KEYS: KEYRING_TEXT, WEBHOOKS_ALLOW_LOOPBACK: '1' },
    ...{ DATABASE_URL: database.url, CLICKHOUSE_URL: analytics.url, ...changed },
  }
  const child = spawn(process.execPath, ['--import', 'tsx', 'jobs/main.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  processes.push(child)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')))
  }
  await until('the jobs', STARTED_WITHIN_MS, () => lines.some((line) => line.includes('jobs are scheduled')))
  return lines
}
async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

it('sends the same webhook-id and body again after a kill, and warns that it may reach this machine', async () => {
  const budgetId = await ground.setBudget('10', new Date())
  const endpoint = { url: there.url, events: null }
  const wanted = { orgId: ground.orgId, endpoint, by: 'ada', origin: 'cli' } as const
  await addWebhook(ground.postgres, wanted, parseKeyring(KEYRING_TEXT), new Date())
  there.answer = () => undefined
  const lines = await startJobs()
  expect(lines.join('\n')).toMatch(/WEBHOOKS_ALLOW_LOOPBACK is set/)
  await stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, new Date())
  await until('the webhook', 5_000, () => there.received.length === 1)
  for (const child of processes.splice(0)) await killed(child)

  const { tables } = ground.postgres
  expect(await tables.select().from(webhookDeliveries)).toMatchObject([{ state: 'pending', attempts: 1 }])
  // A minute passes.
  await tables.update(webhookDeliveries).set({ leasedUntil: new Date() })
  there.answer = status(204)
  const after = await startJobs()
  await eventually(async () =>
    expect(await tables.select().from(webhookDeliveries)).toMatchObject([
      { state: 'delivered', attempts: 2 },
    ]),
  )
  const [first, second, ...others] = there.received
  expect([second?.headers['webhook-id'], second?.body, others]).toEqual([
    first?.headers['webhook-id'],
    first?.body,
    [],
  ])
  expect([...lines, ...after].join('\n')).not.toMatch(/whsec_/)
})

it('ends in order with SIGTERM, when what is under way has come back', async () => {
  const budgetId = await ground.setBudget('10', new Date())
  const endpoint = { url: there.url, events: null }
  const wanted = { orgId: ground.orgId, endpoint, by: 'ada', origin: 'cli' } as const
  await addWebhook(ground.postgres, wanted, parseKeyring(KEYRING_TEXT), new Date())
  const answers: (() => void)[] = []
  there.answer = (response) => answers.push(() => status(204)(response))
  await startJobs()
  await stopBudget(ground.postgres, { orgId: ground.orgId, budgetId, by: 'U1' }, new Date())
  await until('the webhook', 5_000, () => answers.length === 1)
  const [child] = processes
  const ended = new Promise((resolve) => child?.once('exit', resolve))
  child?.kill('SIGTERM')
  for (const answer of answers) answer()
  expect(await ended).toBe(0)
  expect(await ground.postgres.tables.select().from(webhookDeliveries)).toMatchObject([
    { state: 'delivered' },
  ])
})
