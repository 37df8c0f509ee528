import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { countedIn } from '../../core/budget/limit.ts'
import { budgetState } from '../../core/budget/state.ts'
import type { Adjustment } from '../../core/event/adjustment.ts'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { type NanoUsd, nanoUsd, usd } from '../../core/money.ts'
import { NO_TOKENS } from '../../core/usage/token-laws.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type HoldGround, layHoldGround } from '../../test/holds/hold-ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { candidateOf } from './admit.ts'
import { saveApiKey } from './api-keys.ts'
import { type BudgetDefinition, monthlyBudget } from './budget-definition.ts'
import { ofBudget } from './budget-settings.ts'
import { readBudgets, type StoredBudget } from './budget-snapshots.ts'
import { changeBudget, makeBudget } from './budgets.ts'
import { expireHolds, releaseHold, settleHold } from './end-holds.ts'
import { countBatch } from './ledger.ts'
import { countAdjustments } from './repricings.ts'
import { apiKeys, budgetPeriods, budgets, outbox } from './schema.ts'
import { recheckEstimates } from './set-estimates.ts'

const NOW = new Date('2026-11-10T12:00:00Z')

let database: FreshDatabase
let ground: HoldGround
let nextOffset: number
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layHoldGround(database.url, NOW)
  nextOffset = 0
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

/** Of 100,000 tokens in at the high rate of an unknown provider: $6. */
const TOKENS = { ...NO_TOKENS, in: 100_000 }
const ESTIMATE = usd('6')
interface Call {
  readonly requestId: string
  readonly cost: NanoUsd | null
  readonly changes?: Partial<PricedEvent>
}
const eventOf = ({ requestId, cost, changes = {} }: Call): PricedEvent =>
  aPricedEvent({
    ...{ orgId: ground.orgId, projectId: ground.project.id, ts: NOW, requestId, cost },
    ...{ provider: 'a-gateway', model: 'new-1', tokens: TOKENS, ...changes },
  })
const unpriced = (requestId: string, changes: Partial<PricedEvent> = {}): Call => ({
  ...{ requestId, cost: null, changes },
})

async function count(calls: readonly Call[]): Promise<void> {
  const fromOffset = nextOffset
  nextOffset += calls.length
  const events = calls.map((call, index) => ({ offset: fromOffset + index, ...candidateOf(eventOf(call)) }))
  await countBatch(ground.postgres, { journalId: 'j', fromOffset, nextOffset, events }, NOW)
}

const priceOf = (call: Call, cost: NanoUsd): Adjustment => ({
  ...eventOf(call),
  ...{ requestId: `reprice:${call.requestId}:1`, source: 'reprice', cost, tokens: NO_TOKENS },
  adjusts: { requestId: call.requestId, unpricedCalls: -1 },
})
const reprice = (adjustments: readonly Adjustment[]) =>
  countAdjustments(
    ground.postgres,
    { orgId: ground.orgId, by: 'operator', scope: {} },
    null,
    adjustments,
    NOW,
  )

async function make(limit: string, changes: Partial<BudgetDefinition> = {}): Promise<string> {
  const definition = { ...monthlyBudget(ground.project.id, usd(limit), null), ...changes }
  const made = await makeBudget(
    ground.postgres,
    { orgId: ground.orgId, definition, by: 'U1', origin: 'api' },
    NOW,
  )
  if (made.kind !== 'made') throw new Error(made.refusal)
  return made.budgetId
}
const counters = (budgetId: string): Promise<StoredBudget[]> =>
  readBudgets(ground.postgres.tables, ofBudget(ground.orgId, budgetId), NOW)
async function read(budgetId: string): Promise<StoredBudget> {
  const [stored] = await counters(budgetId)
  if (!stored) throw new Error('no such budget')
  return stored
}
/** Checked against the calls that say why, as the job does. */
async function estimatedOf(budgetId: string): Promise<NanoUsd> {
  expect(await recheckEstimates(ground.postgres, NOW)).toEqual([])
  return (await read(budgetId)).current.estimated
}

describe('calls without a price', () => {
  it('stop a cached budget that estimates them, and are no part of what it spent', async () => {
    const id = await make('20')
    await count([{ requestId: 'p', cost: usd('3') }, unpriced('a'), unpriced('b')])
    expect(budgetState(await read(id), NOW)).toMatchObject({ kind: 'warned', percent: 75 })
    await count([unpriced('c')])
    const stored = await read(id)
    expect(stored.current).toMatchObject({ spent: usd('3'), estimated: usd('18'), unpricedEvents: 3 })
    expect(stored.current.unpricedModels).toEqual(['a-gateway/new-1'])
    expect(budgetState(stored, NOW)).toMatchObject({ kind: 'stopped', by: 'limit' })
    expect(await estimatedOf(id)).toBe(usd('18'))
  })

  it.each(['allow', 'deny'] as const)(
    'count nothing where the budget says %s, but their model is named',
    async (onUnpriced) => {
      const id = await make('5', { onUnpriced })
      await count([unpriced('a'), unpriced('b', { model: 'new-0' })])
      expect((await read(id)).current).toMatchObject({
        estimated: 0n,
        unpricedModels: ['a-gateway/new-0', 'a-gateway/new-1'],
      })
      expect(await estimatedOf(id)).toBe(0n)
    },
  )

  it('come to the same in whatever order and batches they are counted, repeated, and repriced', async () => {
    const aCost = fc.bigInt({ min: 0n, max: usd('4') }).map(nanoUsd)
    const aRun = fc
      .array(fc.record({ cost: aCost, isKnown: fc.boolean() }), { minLength: 1, maxLength: 8 })
      .chain((calls) =>
        fc.record({
          calls: fc.constant(calls),
          order: fc.shuffledSubarray(
            calls.map((_, index) => index),
            { minLength: calls.length },
          ),
          cut: fc.nat(calls.length),
          repriced: fc.subarray(calls.map((_, index) => index)),
        }),
      )
    let run = 0
    await fc.assert(
      fc.asyncProperty(aRun, async ({ calls, order, cut, repriced }) => {
        run += 1
        // Each run has a user, so that all can share a database.
        const userId = `u${run}`
        const match = { fields: { user: [userId] }, tags: {} }
        const id = await make('20', { match })
        const all = calls.map(
          ({ cost, isKnown }, index): Call => ({
            ...{ requestId: `${run}-${index}`, cost: isKnown ? cost : null, changes: { userId } },
          }),
        )
        const ordered = order.flatMap((index) => all[index] ?? [])
        await count(ordered.slice(0, cut))
        await count([...ordered.slice(cut), ...ordered.slice(0, cut)])
        const open = all.filter(({ cost }) => cost === null).length
        expect((await read(id)).current.estimated).toBe(BigInt(open) * ESTIMATE)

        const pricing = (indexes: readonly number[]) =>
          indexes.flatMap((index) => {
            const [call, priced] = [all[index], calls[index]]
            return call && priced && call.cost === null ? [priceOf(call, priced.cost)] : []
          })
        const first = pricing(repriced)
        if (first.length > 0) await reprice(first)
        if (first.length > 0) await reprice(first)
        expect((await read(id)).current.estimated).toBe(BigInt(open - first.length) * ESTIMATE)
        const rest = pricing(order)
        if (rest.length > 0) await reprice(rest)

        const known = await make('20', { match: { fields: { user: [`${userId}-known`] }, tags: {} } })
        await count(
          calls.map(({ cost }, index) => ({
            ...{ requestId: `${run}-known-${index}`, cost, changes: { userId: `${userId}-known` } },
          })),
        )
        const [was, is] = [(await read(known)).current, (await read(id)).current]
        const figures = ({ spent, estimated, events, unpricedEvents, unpricedModels }: typeof is) => ({
          ...{ spent, estimated, events, unpricedEvents, unpricedModels },
        })
        expect(figures(is)).toEqual(figures(was))
        expect(is.limitReachedAt !== null).toBe(was.limitReachedAt !== null)
      }),
      { numRuns: 20 },
    )
    expect(await recheckEstimates(ground.postgres, NOW)).toEqual([])
  })

  it('lift the stop, once they are repriced and cost less, and say so', async () => {
    const id = await make('10')
    await count([unpriced('a'), unpriced('b')])
    expect(budgetState(await read(id), NOW).kind).toBe('stopped')
    await reprice([priceOf(unpriced('a'), usd('1')), priceOf(unpriced('b'), usd('2'))])
    const { current } = await read(id)
    expect(current).toMatchObject({
      spent: usd('3'),
      estimated: 0n,
      unpricedModels: [],
      limitReachedAt: null,
    })
    const told = await ground.postgres.tables.select().from(outbox).where(eq(outbox.budgetId, id))
    expect(told.map(({ notice }) => notice)).toContainEqual(expect.objectContaining({ kind: 'limit_lifted' }))
  })

  it('are in a budget that is made, re-scoped or told to estimate them later, from its first moment', async () => {
    await count([
      unpriced('a', { userId: 'u1' }),
      unpriced('b', { userId: 'u2' }),
      unpriced('c', { userId: 'u2' }),
    ])
    const whole = await make('15')
    expect(await estimatedOf(whole)).toBe(usd('18'))
    expect(budgetState(await read(whole), NOW).kind).toBe('stopped')
    const each = await make('15', { each: 'user' })
    const byUser = (await counters(each)).map(({ current }) => [current.counter, current.estimated])
    expect(byUser).toEqual([
      ['', 0n],
      ['user:u2', usd('12')],
      ['user:u1', usd('6')],
    ])
    const change = (onUnpriced: BudgetDefinition['onUnpriced']) =>
      changeBudget(
        ground.postgres,
        { orgId: ground.orgId, budgetId: whole, change: { onUnpriced }, by: 'U1', origin: 'api' },
        NOW,
      )
    await change('allow')
    expect(budgetState(await read(whole), NOW).kind).toBe('open')
    await change('estimate_high')
    expect(await estimatedOf(whole)).toBe(usd('18'))
    expect(budgetState(await read(whole), NOW).kind).toBe('stopped')
  })

  it('take room from holds as spend does', async () => {
    const id = await ground.makeStrict('10')
    await count([unpriced('a')])
    const [large, small] = await ground.ask([ground.call('h1', '5'), ground.call('h2', '4')])
    expect([large?.kind, small?.kind]).toEqual(['refused', 'granted'])
    expect(await estimatedOf(id)).toBe(ESTIMATE)
  })

  it('are counted once beside a hold: by the hold while it stands, and by what a late settlement says', async () => {
    const id = await ground.makeStrict('100')
    await ground.ask(['kept', 'late', 'gone'].map((requestId) => ground.call(requestId, '10', { ttlS: 60 })))
    await count([unpriced('kept')])
    expect(await estimatedOf(id)).toBe(0n)
    await releaseHold(ground.postgres, ref('gone'), NOW)
    await expireHolds(ground.postgres, new Date(NOW.getTime() + 600_000))
    await count([unpriced('late'), unpriced('gone')])
    expect((await read(id)).current).toMatchObject({ held: usd('10'), estimated: usd('12') })
    await settleHold(ground.postgres, { ...ref('late'), cost: usd('2') }, NOW)
    expect((await read(id)).current).toMatchObject({ spent: usd('2'), estimated: usd('6') })
    expect(await estimatedOf(id)).toBe(usd('6'))
    await reprice(['kept', 'late', 'gone'].map((requestId) => priceOf(unpriced(requestId), usd('1'))))
    expect((await read(id)).current).toMatchObject({ spent: usd('3'), estimated: 0n, held: 0n })
  })

  it('name the key that made them by its name and prefix, also when it was revoked', async () => {
    const minted = mintApiKey()
    const of = { orgId: ground.orgId, projectId: ground.project.id, name: 'nightly', scopes: ['ingest'] }
    const key = await saveApiKey(ground.postgres.tables, { ...of, minted }, NOW)
    await ground.postgres.tables.update(apiKeys).set({ revokedAt: NOW })
    const id = await make('10', { each: 'key' })
    await count([unpriced('a', { apiKeyId: key.id }), unpriced('b', { apiKeyId: 'key_gone' })])
    const names = (await counters(id)).map(({ current }) => current.ownerName)
    expect(names.filter((name) => name !== null)).toEqual([`nightly (${minted.prefix}…)`])
  })

  it('are summed anew by the check, which heals what a counter says otherwise', async () => {
    const id = await make('10')
    await count([unpriced('a')])
    await ground.postgres.tables.update(budgetPeriods).set({ estimated: usd('50') })
    const before = await read(id)
    expect(countedIn(before.current)).toBe(usd('50'))
    expect(await recheckEstimates(ground.postgres, NOW)).toMatchObject([
      { budgetId: id, estimated: usd('50'), derived: ESTIMATE },
    ])
    expect(await estimatedOf(id)).toBe(ESTIMATE)
    expect((await ground.postgres.tables.select().from(budgets)).length).toBe(1)
  })
})

const ref = (requestId: string) => ({
  ...{ projectId: ground.project.id, holdId: ground.holdId(requestId) },
})
