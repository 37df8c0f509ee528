import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { budgetState } from '../../core/budget/state.ts'
import { usd } from '../../core/money.ts'
import type { RepriceScope } from '../../db/clickhouse/queries/calls-to-reprice.ts'
import { latencyPercentiles } from '../../db/clickhouse/queries/latency.ts'
import { unpricedModels } from '../../db/clickhouse/queries/unpriced-models.ts'
import { ofBudget } from '../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../db/postgres/budget-snapshots.ts'
import { alerts, budgetPeriods, budgets, outbox } from '../../db/postgres/schema.ts'
import { bookOf } from '../../test/reprice/books.ts'
import { layRepriceGround, NOON, NOVEMBER, type RepriceGround } from '../../test/reprice/reprice-ground.ts'
import { differenceOf } from './difference.ts'
import { applyReprice, previewReprice, type RepriceDeps } from './reprice.ts'

let ground: RepriceGround
beforeEach(async () => {
  ground = await layRepriceGround()
})
afterEach(() => ground.close())

const scopeOf = (facts: Partial<RepriceScope> = {}): RepriceScope => ({
  ...{ orgId: ground.orgId, ...NOVEMBER, provider: null, model: null, unpricedOnly: true },
  ...facts,
})
const apply = async (deps: RepriceDeps, scope = scopeOf()) => {
  const applied = await applyReprice(deps, scope, 'operator')
  if (applied.kind === 'busy') throw new Error('busy')
  return applied
}
const alike = (spent: bigint, calls: number, unpriced: number) => {
  const sums = [spent, calls, unpriced]
  return { ledger: sums, clickhouse: sums, parquet: sums }
}
const new1 = { model: 'new-1', cost: null }
const DONE = { pending: 0, repricings: 0 }

describe('a preview', () => {
  it('says what applying would change, by model, and changes nothing', async () => {
    await ground.report([new1, new1, { model: 'known', cost: usd('2') }, { model: 'obscure', cost: null }])
    const before = await ground.sums()
    const difference = await previewReprice(ground.deps(bookOf({ 'new-1': '3', known: '2' })), scopeOf())
    const unpriced = { model_unknown: 0, rate_missing: 0 }
    expect(difference.byModel()).toMatchObject([
      { model: 'new-1', repriced: 2, newlyPriced: 2, before: 0n, after: usd('6'), unpriced },
      { model: 'obscure', repriced: 0, unpriced: { ...unpriced, model_unknown: 1 } },
    ])
    expect(differenceOf(difference.total())).toBe(usd('6'))
    expect(await ground.sums()).toEqual(before)
    expect(await ground.deeds()).toEqual([])
  })
})

describe('applying', () => {
  it('prices what had no price in every store alike, and finds nothing to do the second time', async () => {
    const days = ['2026-11-01T00:00:00Z', '2026-11-09T23:59:59.999Z', '2026-11-10T00:00:00Z']
    const calls = days.map((ts) => ({ ...new1, ts: new Date(ts) }))
    await ground.report([...calls, { model: 'known', cost: usd('2') }, { model: 'obscure', cost: null }])
    const { difference } = await apply(ground.deps(bookOf({ 'new-1': '3' })))
    expect(difference.total()).toMatchObject({ repriced: 3, newlyPriced: 3, after: usd('9') })
    expect(await ground.sums()).toEqual(alike(usd('11'), 5, 1))
    const of = { orgId: ground.orgId, projectIds: null, ...NOVEMBER }
    expect(await unpricedModels(ground.clickhouse, { ...of, limit: 9 })).toMatchObject([
      { model: 'obscure', unpricedEvents: 1 },
    ])
    expect(await latencyPercentiles(ground.clickhouse, of)).toMatchObject({ calls: 5, p50Ms: 100 })
    const again = await apply(ground.deps(bookOf({ 'new-1': '3' })))
    expect(again.difference.total()).toMatchObject({ repriced: 0, unpriced: { model_unknown: 1 } })
    expect(await ground.sums()).toEqual(alike(usd('11'), 5, 1))
    expect(await ground.unfinished()).toEqual(DONE)
    expect(await ground.deeds()).toEqual(['spend.repriced', 'spend.repricing_begun'])
  })

  it('comes to the newest prices whatever was applied before, back to earlier ones too', async () => {
    const price = fc.option(fc.constantFrom('0', '1', '2.5', '7'), { nil: undefined })
    const someBooks = fc.array(fc.record({ a: price, b: price }), { minLength: 1, maxLength: 5 })
    const models = [
      { model: 'a', cost: null },
      { model: 'b', cost: usd('4') },
    ]
    await ground.report(models)
    const known = { a: null as string | null, b: '4' as string | null }
    await fc.assert(
      fc.asyncProperty(someBooks, async (books) => {
        for (const { a, b } of books) {
          known.a = a ?? known.a
          known.b = b ?? known.b
          const rates = { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }
          await apply(ground.deps(bookOf(rates)), scopeOf({ unpricedOnly: false }))
          const spent = [known.a, known.b].reduce((sum, text) => sum + (text === null ? 0n : usd(text)), 0n)
          expect(await ground.sums()).toEqual(alike(spent, 2, known.a === null ? 1 : 0))
        }
      }),
      { numRuns: 4, endOnFailure: true },
    )
  }, 120_000)

  it('counts once when it is asked for from many sides at once', async () => {
    await ground.report(Array.from({ length: 50 }, () => new1))
    const deps = ground.deps(bookOf({ 'new-1': '3' }))
    const runs = await Promise.all([1, 2, 3, 4].map(() => applyReprice(deps, scopeOf(), 'operator')))
    const applied = runs.flatMap((run) => (run.kind === 'applied' ? [run.difference.total().repriced] : []))
    expect(applied.reduce((sum, calls) => sum + calls, 0)).toBe(50)
    expect(await ground.sums()).toEqual(alike(usd('150'), 50, 0))
  })

  it('counts nothing again that ClickHouse has lost, and says so', async () => {
    await ground.report([new1, new1])
    const deps = ground.deps(bookOf({ 'new-1': '3' }))
    await apply(deps)
    await ground.clickhouse.command({ query: 'DELETE FROM events WHERE isNotNull(adjusts_request_id)' })
    const again = await apply(deps)
    expect([again.refused, again.difference.total().repriced]).toEqual([2, 0])
    expect((await ground.sums()).ledger).toEqual([usd('6'), 2, 0])
  })

  it('keeps to its provider, its model and its time', async () => {
    const ts = new Date('2026-10-31T23:59:59.999Z')
    await ground.report([new1, { ...new1, ts }, { ...new1, provider: 'groq' }, { model: 'b', cost: null }])
    const scope = scopeOf({ provider: 'openai', model: 'new-1' })
    await apply(ground.deps(bookOf({ 'new-1': '3', b: '1' })), scope)
    expect(await ground.sums()).toEqual(alike(usd('3'), 4, 3))
  })
})

describe('a run that is killed', () => {
  const book = bookOf({ 'new-1': '3' })

  /** The deps, failing at the `fatal`th of the moments just before and just after each write to the archive. */
  const dyingAt = (fatal: number): { deps: RepriceDeps; reached: () => boolean } => {
    const deps = ground.deps(book)
    let moments = 0
    const moment = () => {
      moments += 1
      if (moments - 1 === fatal) throw new Error('power cut')
    }
    const around = async <T>(work: () => Promise<T>): Promise<T> => {
      moment()
      const done = await work()
      moment()
      return done
    }
    const exec: RepriceDeps['clickhouse']['exec'] = (params) => around(() => deps.clickhouse.exec(params))
    return {
      deps: {
        ...deps,
        objects: { put: (key, bytes) => around(() => deps.objects.put(key, bytes)) },
        clickhouse: new Proxy(deps.clickhouse, {
          get: (target, name) => (name === 'exec' ? exec : Reflect.get(target, name).bind(target)),
        }),
      },
      reached: () => moments > fatal,
    }
  }

  it('is made good by the next, at whatever moment it died', async () => {
    await ground.report([new1, { ...new1, ts: new Date('2026-11-09T12:00:00Z') }])
    let calls = 2
    for (let fatal = 0; ; fatal++) {
      const dying = dyingAt(fatal)
      await applyReprice(dying.deps, scopeOf(), 'operator').catch(() => undefined)
      if (!dying.reached()) break
      await apply(ground.deps(book))
      expect(await ground.sums()).toEqual(alike(usd('3') * BigInt(calls), calls, 0))
      expect(await ground.unfinished()).toEqual(DONE)
      await ground.report([new1, { ...new1, ts: new Date('2026-11-09T12:00:00Z') }])
      calls += 2
    }
    expect(calls).toBeGreaterThan(8)
  }, 120_000)

  it('by kill -9, between what is counted and what is archived, is made good by the next', async () => {
    await ground.report([new1, new1])
    const child = fileURLToPath(new URL('./reprice.test-child.ts', import.meta.url))
    const { postgres, clickhouse } = ground.urls
    const killed = spawn(process.execPath, ['--import', 'tsx', child, ground.orgId, postgres, clickhouse], {
      stdio: 'inherit',
    })
    expect(await once(killed, 'exit')).toEqual([null, 'SIGKILL'])
    expect(await ground.unfinished()).toEqual({ pending: 2, repricings: 1 })
    expect((await ground.sums()).ledger).toEqual([usd('6'), 2, 0])
    expect((await ground.sums()).clickhouse).toEqual([0n, 2, 2])
    const next = await apply(ground.deps(book))
    expect(next.recovered).toBe(2)
    expect(next.difference.total().repriced).toBe(0)
    expect(await ground.sums()).toEqual(alike(usd('6'), 2, 0))
    expect(await ground.unfinished()).toEqual(DONE)
    expect(await ground.deeds()).toEqual(['spend.repriced', 'spend.repricing_begun'])
  })
})

describe('a budget', () => {
  const stateOf = async (budgetId: string) => {
    const [stored] = await readBudgets(ground.postgres.tables, ofBudget(ground.orgId, budgetId), NOON)
    if (!stored) throw new Error('the budget is gone')
    return {
      kind: budgetState(stored, NOON).kind,
      spent: stored.current.spent,
      events: stored.current.events,
    }
  }
  const told = async () => {
    const rows = await ground.postgres.tables.select().from(outbox).orderBy(outbox.id)
    return rows.map(({ notice }) => notice).map((notice) => (notice as { kind: string }).kind)
  }

  it('that a wrong price stopped lets calls pass once they are repriced, says so, and stops again with a word', async () => {
    const budgetId = await ground.setBudget('10', NOON)
    await ground.report([{ model: 'wrong', cost: usd('12') }])
    expect(await stateOf(budgetId)).toMatchObject({ kind: 'stopped', spent: usd('12') })
    await apply(ground.deps(bookOf({ wrong: '8' })), scopeOf({ unpricedOnly: false }))
    expect(await stateOf(budgetId)).toEqual({ kind: 'warned', spent: usd('8'), events: 1 })
    expect(await told()).toEqual(['budget_set', 'crossed', 'limit_lifted'])
    expect(await ground.deeds()).toContain('budget.limit_lifted')
    await ground.report([{ model: 'wrong', cost: usd('2') }])
    expect(await stateOf(budgetId)).toMatchObject({ kind: 'stopped', spent: usd('10'), events: 2 })
    expect(await told()).toEqual(['budget_set', 'crossed', 'limit_lifted', 'crossed'])
    expect(await ground.postgres.tables.select().from(alerts)).toHaveLength(4)
  })

  it('is told of the thresholds that newly known prices cross, once', async () => {
    const budgetId = await ground.setBudget('10', NOON)
    // One that estimates such calls was told before they had a price.
    await ground.postgres.tables.update(budgets).set({ onUnpriced: 'allow' })
    await ground.report([new1, new1])
    await apply(ground.deps(bookOf({ 'new-1': '4' })))
    await apply(ground.deps(bookOf({ 'new-1': '4' })))
    expect(await stateOf(budgetId)).toEqual({ kind: 'warned', spent: usd('8'), events: 2 })
    expect(await told()).toEqual(['budget_set', 'crossed'])
  })

  it('is not told of a threshold that the whole of a repricing does not reach', async () => {
    await ground.setBudget('10', NOON)
    await ground.report([
      { model: 'cheap', cost: usd('1') },
      { model: 'dear', cost: usd('4') },
    ])
    const book = bookOf({ dear: '1', cheap: '4' })
    await apply(ground.deps(book), scopeOf({ unpricedOnly: false }))
    expect(await told()).toEqual(['budget_set', 'crossed'])
    expect(await ground.postgres.tables.select().from(alerts)).toMatchObject([{ percent: 50 }])
  })

  it('has no period opened for calls of before it was made', async () => {
    await ground.report([{ ...new1, ts: new Date('2026-10-20T12:00:00Z') }])
    const budgetId = await ground.setBudget('1', NOON)
    const october = scopeOf({ from: new Date('2026-10-01T00:00:00Z') })
    await apply(ground.deps(bookOf({ 'new-1': '4' })), october)
    expect(await ground.sums()).toEqual(alike(usd('4'), 1, 0))
    expect(await ground.postgres.tables.select().from(budgetPeriods)).toHaveLength(1)
    expect(await stateOf(budgetId)).toMatchObject({ kind: 'open', spent: 0n })
    expect(await told()).toEqual(['budget_set'])
  })
})
