/**
 * The app is killed at every step from the ledger's transaction to the mark of what was told. The laws: each threshold
 * reaches Slack; only a kill between Slack's answer and our commit can repeat a message; the card of a budget is there
 * before any crossing, once, and shows the newest in the end.
 */
import { and, eq, isNull, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { usd } from '../../../core/money.ts'
import { candidateOf } from '../../../db/postgres/admit.ts'
import { listInstallations } from '../../../db/postgres/installations.ts'
import { countBatch } from '../../../db/postgres/ledger.ts'
import { setMonthlyBudget } from '../../../db/postgres/monthly-budget.ts'
import { ensureProject } from '../../../db/postgres/projects.ts'
import { alerts, budgetCards, outbox } from '../../../db/postgres/schema.ts'
import { aPricedEvent } from '../../events/priced-event.ts'
import { type OpenedApp, openApp } from '../../opened-app.ts'
import { alex, llmCosts } from '../../opened-sandbox.ts'
import { type Message, textOf } from '../../people-in-slack.ts'
import { eventually, until } from '../../waiting.ts'
import { type AppProcess, appProcess } from './app-process.ts'

let opened: OpenedApp
let app: AppProcess
beforeAll(async () => {
  // What Slack says to many calls at once is another test's.
  opened = await openApp({ sandbox: { rateLimits: false } })
  await opened.stopApp()
  app = appProcess(opened)
  await app.start()
})
afterAll(async () => {
  await app.kill()
  await opened.close()
})

interface Watched {
  readonly name: string
  readonly projectId: string
  readonly budgetId: string
}

async function makeBudget(name: string): Promise<Watched> {
  const { postgres, orgId } = opened.ground
  const { id: projectId } = await ensureProject(postgres.tables, { orgId, name }, opened.now())
  const [installation] = await listInstallations(postgres.tables)
  const slack = { installationId: installation?.id ?? '', channelId: llmCosts }
  const setting = { orgId, projectId, limit: usd('10'), slack, by: alex, origin: 'slack' } as const
  const outcome = await setMonthlyBudget(postgres, setting, opened.now())
  if (outcome.kind !== 'set') throw new Error(outcome.refusal)
  return { name, projectId, budgetId: outcome.budgetId }
}

const spend = ({ projectId }: Watched, cost: string) => opened.spend([{ projectId, cost: usd(cost) }])
const cardsOf = async ({ name }: Watched) =>
  (await opened.sandbox.messages(llmCosts)).filter(
    (message) => message.threadTs === null && textOf(message).includes(name),
  )
/** In the threads of all cards that the budget ever had. */
async function saidOf(watched: Watched, words: RegExp): Promise<Message[]> {
  const threads = await Promise.all(
    (await cardsOf(watched)).map(async ({ ts }) => (await opened.sandbox.thread(llmCosts, ts)).slice(1)),
  )
  return threads.flat().filter(({ text }) => words.test(text))
}
const HALF = /past 50%/
const WHOLE = /reached its limit/

const untold = async ({ budgetId }: Watched) =>
  await opened.ground.postgres.tables
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.budgetId, budgetId), isNull(outbox.deliveredAt)))
/** What is marked was posted before, so that nothing more comes of it. */
const allTold = (watched: Watched) =>
  until('all that is to be told', 25_000, async () => (await untold(watched)).length === 0)
const placeOf = async ({ budgetId }: Watched) =>
  (
    await opened.ground.postgres.tables.select().from(budgetCards).where(eq(budgetCards.budgetId, budgetId))
  )[0]

/** What must hold at the end of every case. */
async function expectTold(watched: Watched, halfTimes: number): Promise<void> {
  await allTold(watched)
  const half = await saidOf(watched, HALF)
  expect(half).toHaveLength(halfTimes)
  const whole = await saidOf(watched, WHOLE)
  expect(whole).toHaveLength(1)
  const place = await placeOf(watched)
  for (const { threadTs, ts } of [...half, ...whole]) {
    expect(threadTs).toBe(place?.messageTs)
    expect(Number(ts)).toBeGreaterThan(Number(place?.messageTs))
  }
  await eventually(async () => {
    const card = (await cardsOf(watched)).find(({ ts }) => ts === place?.messageTs)
    expect(textOf(card)).toContain('Stopped')
  })
  const decided = await opened.ground.postgres.tables
    .select({ percent: alerts.percent })
    .from(alerts)
    .where(eq(alerts.budgetId, watched.budgetId))
  expect(decided.map(({ percent }) => percent).sort((a, b) => a - b)).toEqual([50, 75, 90, 100])
}

async function killAndStart(): Promise<void> {
  await app.kill()
  opened.line.release()
  await app.start()
}

const ONCE = 1
interface Kill {
  readonly when: string
  readonly times: number
  readonly held: readonly [method: string, what: 'call' | 'answer'] | null
}
const KILLS: readonly Kill[] = [
  { when: 'after the ledger counted, before the app heard of it', times: ONCE, held: null },
  { when: 'before the card is updated', times: ONCE, held: ['chat.update', 'call'] },
  { when: 'after Slack took the update of the card', times: ONCE, held: ['chat.update', 'answer'] },
  { when: 'before the message is posted', times: ONCE, held: ['chat.postMessage', 'call'] },
  // Slack cannot be asked whether it took a message, and a threshold must not stay untold.
  { when: 'between Slack taking the message and our commit', times: 2, held: ['chat.postMessage', 'answer'] },
] as const

it.each(KILLS)(
  'killed $when, a threshold is told $times times',
  async ({ when, times, held }) => {
    const watched = await makeBudget(`case ${KILLS.findIndex((other) => other.when === when)}`)
    await allTold(watched)
    expect(await cardsOf(watched)).toHaveLength(1)
    if (held === null) {
      app.freeze()
      await spend(watched, '6')
    } else {
      const reached = opened.line.hold(...held)
      await spend(watched, '6')
      await reached
    }
    expect(await untold(watched)).toHaveLength(1)
    await killAndStart()
    await allTold(watched)
    await spend(watched, '5')
    await expectTold(watched, times)
    expect(await cardsOf(watched)).toHaveLength(1)
  },
  60_000,
)

it('killed after our commit, nothing is told again', async () => {
  const watched = await makeBudget('case after')
  await allTold(watched)
  await spend(watched, '6')
  await allTold(watched)
  await killAndStart()
  await spend(watched, '5')
  await expectTold(watched, ONCE)
  expect(await cardsOf(watched)).toHaveLength(1)
}, 60_000)

it('killed before it posts the card, the card is posted once, and before what was crossed meanwhile', async () => {
  const reached = opened.line.hold('chat.postMessage', 'call')
  const watched = await makeBudget('case no card')
  await reached
  await spend(watched, '6')
  await killAndStart()
  await allTold(watched)
  await spend(watched, '5')
  await expectTold(watched, ONCE)
  expect(await cardsOf(watched)).toHaveLength(1)
}, 60_000)

it('killed between Slack taking a new card and our commit, the one posted again is the card', async () => {
  const reached = opened.line.hold('chat.postMessage', 'answer')
  const watched = await makeBudget('case two cards')
  await reached
  await killAndStart()
  await allTold(watched)
  await spend(watched, '6')
  await allTold(watched)
  await spend(watched, '5')
  await expectTold(watched, ONCE)
  // Slack has no way to ask for what it took: the first stays behind, without a thread.
  const cards = await cardsOf(watched)
  expect(cards).toHaveLength(2)
  expect((await placeOf(watched))?.messageTs).toBe(cards[1]?.ts)
}, 60_000)

it('the ledger killed in its transaction tells nothing; counting the same again, it tells once', async () => {
  const watched = await makeBudget('case ledger')
  await allTold(watched)
  const { postgres, orgId } = opened.ground
  const count = (fromOffset: number, cost: string) => {
    const owner = { orgId, projectId: watched.projectId, requestId: `ledger-${fromOffset}` }
    const event = aPricedEvent({ ...owner, ts: opened.now(), cost: usd(cost) })
    const events = [{ offset: fromOffset, ...candidateOf(event) }]
    const batch = { journalId: 'j2', fromOffset, nextOffset: fromOffset + 1, events }
    return countBatch(postgres, batch, opened.now())
  }
  await count(0, '1')
  const lost = await postgres.tables.transaction(async (tx) => {
    await tx.execute(sql`select 1 from budget_periods where budget_id = ${watched.budgetId} for update`)
    const counting = count(1, '5').then(
      () => false,
      () => true,
    )
    await until('the count that waits', 10_000, async () => {
      const ended = await postgres.tables.execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return ended.length > 0
    })
    return await counting
  })
  expect(lost).toBe(true)
  expect(await untold(watched)).toHaveLength(0)
  for (let time = 0; time < 2; time++) await count(1, '5')
  await count(2, '5')
  await expectTold(watched, ONCE)
}, 60_000)
