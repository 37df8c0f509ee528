import { asc } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { counterOf, MATCH_ALL, type Match, ONE_COUNTER } from '../../core/budget/scope.ts'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { addUsd, nanoUsd, usd, zeroUsd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { arbitraryFacts, arbitraryScope } from '../../test/budgets/arbitrary-scopes.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { candidateOf } from './admit.ts'
import { type BudgetDefinition, monthlyBudget } from './budget-definition.ts'
import { ofOrganisation } from './budget-settings.ts'
import { readBudgets } from './budget-snapshots.ts'
import { changeBudget, makeBudget } from './budgets.ts'
import { countBatch } from './ledger.ts'
import { alerts, budgetPeriods, outbox } from './schema.ts'
import { liftWideStop, resumeBudget, stopBudget, stopWidely } from './stop-budget.ts'
import { readVerdict } from './verdicts.ts'

const NOON = new Date('2026-11-10T12:00:00.000Z')
const OWN = { by: 'U1', origin: 'api' } as const

let ground: Ground
let database: Awaited<ReturnType<typeof freshDatabase>>
let nextOffset = 0
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
  nextOffset = 0
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

async function count(events: readonly Partial<PricedEvent>[], at = NOON): Promise<void> {
  const fromOffset = nextOffset
  nextOffset += events.length
  const own = { orgId: ground.orgId, projectId: ground.project.id, ts: at, cost: usd('1') }
  const candidates = events.map((event, index) => ({
    offset: fromOffset + index,
    ...candidateOf(aPricedEvent({ ...own, requestId: `r${fromOffset + index}`, ...event })),
  }))
  const batch = { journalId: 'j1', fromOffset, nextOffset, events: candidates }
  await countBatch(ground.postgres, batch, at)
}

async function make(facts: Partial<BudgetDefinition> = {}, at = NOON): Promise<string> {
  const definition = { ...monthlyBudget(ground.project.id, usd('10'), null), ...facts }
  const outcome = await makeBudget(ground.postgres, { orgId: ground.orgId, definition, ...OWN }, at)
  if (outcome.kind === 'refused') throw new Error(outcome.refusal)
  return outcome.budgetId
}

const matching = (fields: Match['fields']): Match => ({ ...MATCH_ALL, fields })
const spends = async () => {
  const rows = await ground.postgres.tables
    .select()
    .from(budgetPeriods)
    .orderBy(asc(budgetPeriods.counter), asc(budgetPeriods.from))
  return rows.map(({ budgetId, counter, spent }) => ({ budgetId, counter, spent }))
}

describe('a budget with a filter', () => {
  it('counts the calls that it covers and no other', async () => {
    const budgetId = await make({ match: matching({ model: ['gpt-4o*'], environment: ['production'] }) })
    await count([
      { model: 'gpt-4o', environment: 'production' },
      { model: 'gpt-4o-mini', environment: 'production' },
      { model: 'gpt-4o', environment: 'staging' },
      { model: 'o1', environment: 'production' },
    ])
    expect(await spends()).toEqual([{ budgetId, counter: ONE_COUNTER, spent: usd('2') }])
  })

  it('counts what core says of any scope and any calls', async () => {
    const costs = fc.bigInt({ min: 0n, max: 1_000_000n }).map(nanoUsd)
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryScope, { minLength: 1, maxLength: 3 }),
        fc.array(fc.record({ facts: arbitraryFacts, cost: costs }), { maxLength: 12 }),
        async (scopes, calls) => {
          await ground.postgres.close()
          await database.drop()
          database = await freshDatabase()
          ground = await layGround(database.url, NOON)
          nextOffset = 0
          const projectId = ground.project.id
          const ours = scopes.map((scope) => ({
            ...scope,
            projectId: scope.projectId === null ? null : projectId,
          }))
          const ids = []
          for (const { projectId: of, match, each } of ours)
            ids.push(await make({ projectId: of, match, each }))
          const own = calls.map(({ facts, cost }) => ({ ...facts, projectId, cost }))
          await count(own)
          const expected = new Map<string, bigint>()
          for (const [index, scope] of ours.entries()) {
            for (const { cost, ...facts } of own) {
              const counter = counterOf(scope, facts)
              if (counter === null) continue
              const key = `${ids[index]}/${counter}`
              expected.set(key, addUsd(nanoUsd(expected.get(key) ?? 0n), cost))
            }
          }
          const counted = (await spends()).filter(({ budgetId, counter, spent }) => {
            return spent > 0n || expected.has(`${budgetId}/${counter}`)
          })
          expect(new Map(counted.map((row) => [`${row.budgetId}/${row.counter}`, row.spent]))).toEqual(
            expected,
          )
        },
      ),
      { numRuns: 8 },
    )
  })

  it('of the whole organisation counts every project, and a stop of it reaches them all', async () => {
    const budgetId = await make({ projectId: null, limit: usd('2') })
    await count([{}, {}])
    expect(await spends()).toEqual([{ budgetId, counter: ONE_COUNTER, spent: usd('2') }])
    expect((await readVerdict(ground.postgres.tables, ground.project.id, NOON)).allowed).toBe(false)
  })
})

describe('a budget for each user', () => {
  it('gives each the whole limit, and tells of each threshold once for each of them', async () => {
    const budgetId = await make({ each: 'user', limit: usd('2') })
    await count([{ userId: 'u1' }, { userId: 'u1' }, { userId: 'u2' }, { userId: null }])
    expect(await spends()).toEqual([
      { budgetId, counter: 'user:', spent: usd('1') },
      { budgetId, counter: 'user:u1', spent: usd('2') },
      { budgetId, counter: 'user:u2', spent: usd('1') },
    ])
    const told = await ground.postgres.tables
      .select()
      .from(alerts)
      .orderBy(asc(alerts.counter), asc(alerts.percent))
    expect(told.map(({ counter, percent }) => `${counter} ${percent}`)).toEqual([
      'user: 50',
      ...[50, 75, 90, 100].map((percent) => `user:u1 ${percent}`),
      'user:u2 50',
    ])
    const verdict = await readVerdict(ground.postgres.tables, ground.project.id, NOON)
    expect(verdict.allowed).toBe(true)
    expect(verdict.budgets.map(({ current, state }) => [current.counter, state.kind])).toEqual([
      ['', 'open'],
      ['user:u1', 'stopped'],
      ['user:', 'warned'],
      ['user:u2', 'warned'],
    ])
  })

  it('is stopped for all of them by a person, also before anyone has spent', async () => {
    const budgetId = await make({ each: 'user' })
    const stop = { orgId: ground.orgId, budgetId, by: 'U1' }
    expect(await stopBudget(ground.postgres, stop, NOON)).toBe('done')
    const { budgets } = await readVerdict(ground.postgres.tables, ground.project.id, NOON)
    expect(budgets.map(({ state }) => state.kind)).toEqual(['stopped'])
    expect(await resumeBudget(ground.postgres, stop, NOON)).toBe('done')
  })
})

describe('a period in the zone of the team', () => {
  const rule = { kind: 'day', timeZone: 'Europe/Berlin' } as const

  it('counts a call in the day of its own time, wherever midnight is', async () => {
    const budgetId = await make({ periodRule: rule })
    await count([
      { ts: new Date('2026-11-10T22:59:59.999Z') },
      { ts: new Date('2026-11-10T23:00:00.000Z') },
      { ts: new Date('2026-11-10T23:30:00.000Z') },
    ])
    expect(await spends()).toEqual([
      { budgetId, counter: '', spent: usd('1') },
      { budgetId, counter: '', spent: usd('2') },
    ])
    const froms = await ground.postgres.tables.select({ from: budgetPeriods.from }).from(budgetPeriods)
    expect(froms.map(({ from }) => from.getTime())).toContain(periodOf(rule, NOON).from.getTime())
  })

  it('carries what is left into the next, and never what was carried past the cap', async () => {
    await make({ periodRule: rule, rollover: { kind: 'unused', capPercent: 50 } })
    await count([{ cost: usd('8') }])
    const carriedAt = async (at: string): Promise<bigint | undefined> => {
      const [stored] = await readBudgets(
        ground.postgres.tables,
        ofOrganisation(ground.orgId),
        new Date(`${at}T12:00:00Z`),
      )
      return stored?.current.carried
    }
    expect(await carriedAt('2026-11-10')).toBe(zeroUsd)
    expect(await carriedAt('2026-11-11')).toBe(usd('2'))
    expect(await carriedAt('2026-11-13')).toBe(usd('5'))
    await count([{ ts: new Date('2026-11-11T12:00:00Z'), cost: usd('20') }], new Date('2026-11-11T12:00:00Z'))
    expect(await carriedAt('2026-11-12')).toBe(zeroUsd)
  })

  it('of a fixed span counts what lies in it, and afterwards stops nobody', async () => {
    const span = {
      kind: 'span',
      from: new Date('2026-11-10T00:00:00Z'),
      until: new Date('2026-11-11T00:00:00Z'),
    } as const
    const budgetId = await make({ periodRule: span, limit: usd('1') })
    await count([{ ts: new Date('2026-11-09T23:59:59.999Z') }, {}])
    expect(await spends()).toEqual([{ budgetId, counter: '', spent: usd('1') }])
    const allowedAt = async (at: Date) =>
      (await readVerdict(ground.postgres.tables, ground.project.id, at)).allowed
    expect(await allowedAt(NOON)).toBe(false)
    expect(await allowedAt(span.until)).toBe(true)
  })
})

describe('changing a budget', () => {
  const change = (budgetId: string, what: Partial<BudgetDefinition>) =>
    changeBudget(ground.postgres, { orgId: ground.orgId, budgetId, change: what, ...OWN }, NOON)

  it('never resets what was spent, whatever is changed', async () => {
    const budgetId = await make()
    await count([{}, {}, {}])
    await change(budgetId, { limit: usd('20') })
    await change(budgetId, { name: 'Launch', mode: 'strict', onUnreachable: 'deny', onUnpriced: 'deny' })
    await change(budgetId, { ladder: [{ percent: 80, action: { kind: 'stop', environments: null } }] })
    await change(budgetId, { rollover: { kind: 'unused', capPercent: 10 }, thresholdsPercent: [10] })
    expect(await spends()).toEqual([{ budgetId, counter: '', spent: usd('3') }])
    const [stored] = await readBudgets(ground.postgres.tables, ofOrganisation(ground.orgId), NOON)
    expect(stored?.budget).toMatchObject({
      title: 'Launch',
      limit: usd('20'),
      mode: 'strict',
      thresholdsPercent: [10, 80],
    })
  })

  it('that changes nothing tells nobody and arms nothing anew', async () => {
    const budgetId = await make()
    const before = await ground.postgres.tables.select().from(outbox)
    expect(await change(budgetId, { limit: usd('10'), mode: 'cached', match: MATCH_ALL })).toMatchObject({
      kind: 'changed',
    })
    expect(await ground.postgres.tables.select().from(outbox)).toEqual(before)
    const [stored] = await readBudgets(ground.postgres.tables, ofOrganisation(ground.orgId), NOON)
    expect(stored?.budget.limitRevision).toBe(1)
  })

  it('tells of a rung that the spend has reached already, once', async () => {
    const budgetId = await make()
    await count([{}, {}, {}])
    await change(budgetId, { ladder: [{ percent: 30, action: { kind: 'throttle', callsPerMinute: 5 } }] })
    await change(budgetId, { thresholdsPercent: [20, 90] })
    const told = await ground.postgres.tables.select().from(outbox).orderBy(asc(outbox.id))
    const crossed = told.flatMap(({ notice }) => {
      return typeof notice === 'object' && notice && 'percents' in notice ? [notice.percents] : []
    })
    expect(crossed).toEqual([[30], [20]])
    const { budgets } = await readVerdict(ground.postgres.tables, ground.project.id, NOON)
    expect(budgets[0]?.measures.callsPerMinute).toBe(5)
  })
})

describe('a stop of a project or of everything', () => {
  it('refuses its calls without any budget, until it is lifted, and says who and why', async () => {
    const of = { orgId: ground.orgId, ...OWN }
    const stop = { ...of, reason: 'a key leaked' }
    const verdict = () => readVerdict(ground.postgres.tables, ground.project.id, NOON)
    expect(await stopWidely(ground.postgres, { ...stop, projectId: ground.project.id }, NOON)).toBe('done')
    expect(await stopWidely(ground.postgres, { ...stop, projectId: ground.project.id }, NOON)).toBe('already')
    expect(await stopWidely(ground.postgres, { ...stop, projectId: null }, NOON)).toBe('done')
    expect(await verdict()).toMatchObject({
      allowed: false,
      stops: [
        { reach: 'project', by: 'U1', reason: 'a key leaked' },
        { reach: 'organisation', by: 'U1' },
      ],
    })
    await liftWideStop(ground.postgres, { ...of, projectId: null }, NOON)
    expect((await verdict()).allowed).toBe(false)
    await liftWideStop(ground.postgres, { ...of, projectId: ground.project.id }, NOON)
    expect(await verdict()).toMatchObject({ allowed: true, stops: [] })
  })

  it('does not reach a project of another organisation', async () => {
    const stop = { orgId: 'org_other', projectId: ground.project.id, reason: 'x', ...OWN }
    expect(await stopWidely(ground.postgres, stop, NOON)).toBe('project_unknown')
    expect((await readVerdict(ground.postgres.tables, ground.project.id, NOON)).allowed).toBe(true)
  })
})
