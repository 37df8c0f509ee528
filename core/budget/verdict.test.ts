import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, usd, zeroUsd } from '../money.ts'
import { aBudget, anOverride, aPeriod, NOVEMBER } from './a-budget.ts'
import type { BudgetPeriod } from './budget.ts'
import { decide } from './decide.ts'
import { DEFAULT_OVERRIDE_POLICY, grantOverride } from './override.ts'
import { budgetState } from './state.ts'
import { type BudgetWithCard, verdictOf } from './verdict.ts'

const NOW = new Date('2026-11-20T12:30:00.000Z')
const REACHED = new Date('2026-11-20T11:00:00.000Z')

const spentTo = (amount: bigint): BudgetPeriod =>
  decide(aBudget(), aPeriod(), [{ requestId: 'r', attempt: 1, cost: nanoUsd(amount) }], REACHED).next

const withCard = (current: BudgetPeriod, stopped = false): BudgetWithCard => ({
  budget: aBudget({ manualStop: stopped ? { at: REACHED, by: 'U9' } : null }),
  current,
  liftUrl: null,
})

const aMoment = fc.date({
  min: NOVEMBER.from,
  max: new Date('2026-12-20T00:00:00Z'),
  noInvalidDate: true,
})

const someBudgets = fc.array(
  fc
    .record({
      spent: fc.bigInt({ min: 0n, max: usd('150') }),
      more: fc.bigInt({ min: 1n, max: usd('30') }),
      until: fc.option(fc.date({ min: NOVEMBER.from, max: NOVEMBER.until, noInvalidDate: true })),
      stopped: fc.boolean(),
    })
    .map(({ spent, more, until, stopped }) => {
      const current = spentTo(spent)
      const override = until && anOverride({ until, ceiling: nanoUsd(spent + more) })
      return withCard({ ...current, override }, stopped)
    }),
  { maxLength: 3 },
)

describe('a verdict', () => {
  it('stays as it is until changesAt, and says so with nothing but the clock', () => {
    fc.assert(
      fc.property(someBudgets, aMoment, fc.nat({ max: 1000 }), (budgets, now, part) => {
        const verdict = verdictOf('prj_1', budgets, now)
        if (verdict.changesAt === null) {
          expect(budgets).toEqual([])
          return
        }
        const lastsMs = verdict.changesAt.getTime() - now.getTime()
        expect(lastsMs).toBeGreaterThan(0)
        const meanwhile = new Date(now.getTime() + Math.floor((part / 1000) * (lastsMs - 1)))
        expect(verdictOf('prj_1', budgets, meanwhile)).toEqual(verdict)
      }),
    )
  })

  it('allows exactly when no budget is stopped, and leaves nothing to spend in one that is', () => {
    fc.assert(
      fc.property(someBudgets, aMoment, (budgets, now) => {
        const { allowed, budgets: views } = verdictOf('prj_1', budgets, now)
        expect(allowed).toBe(views.every(({ state }) => state.kind !== 'stopped'))
        for (const { state, remaining } of views) expect(remaining === zeroUsd).toBe(state.kind === 'stopped')
      }),
    )
  })

  it('of a project without a budget allows, and never changes', () => {
    expect(verdictOf('prj_1', [], NOW)).toEqual({
      projectId: 'prj_1',
      allowed: true,
      stops: [],
      budgets: [],
      changesAt: null,
    })
  })

  it('opens by itself at the new period, however stale the snapshot and late the jobs', () => {
    const stopped = withCard({ ...spentTo(usd('120')), override: null })
    expect(verdictOf('prj_1', [stopped], new Date('2026-11-30T23:59:59.999Z')).allowed).toBe(false)
    const december = verdictOf('prj_1', [stopped], NOVEMBER.until)
    expect(december.allowed).toBe(true)
    expect(december.budgets[0]).toMatchObject({
      current: { spent: zeroUsd },
      remaining: usd('100'),
      state: { kind: 'open' },
    })
    expect(december.changesAt).toEqual(new Date('2027-01-01T00:00:00.000Z'))
  })
})

describe('the state of a budget', () => {
  it.each([
    ['0', { kind: 'open' }],
    ['49.999999999', { kind: 'open' }],
    ['50', { kind: 'warned', percent: 50 }],
    ['89.999999999', { kind: 'warned', percent: 75 }],
    ['99.999999999', { kind: 'warned', percent: 90 }],
    ['100', { kind: 'stopped', by: 'limit', since: REACHED }],
  ])('at $%s of $100 is %o', (spent, state) => {
    expect(budgetState({ budget: aBudget(), current: spentTo(usd(spent)) }, NOW)).toEqual(state)
  })

  it('is overridden to the last millisecond of the window, then stopped since its end', () => {
    const override = anOverride()
    const snapshot = { budget: aBudget(), current: { ...spentTo(usd('105')), override } }
    const last = new Date(override.until.getTime() - 1)
    const overridden = { kind: 'overridden', until: override.until, ceiling: override.ceiling }
    expect(budgetState(snapshot, last)).toEqual(overridden)
    const stopped = { kind: 'stopped', by: 'limit', since: override.until }
    expect(budgetState(snapshot, override.until)).toEqual(stopped)
  })

  it('stays stopped by a person over the end of the period', () => {
    const { budget, current } = withCard(spentTo(0n), true)
    const stopped = { kind: 'stopped', by: 'person', since: REACHED, person: 'U9' }
    expect(budgetState({ budget, current }, NOVEMBER.until)).toEqual(stopped)
  })
})

describe('granting an override', () => {
  const request = { id: 'ovr_2', amount: usd('10'), windowS: 3600, reason: ' launch ', grantedBy: 'U1' }

  it('leaves the whole amount to spend, whatever was spent before', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: usd('300') }),
        fc.bigInt({ min: 1n, max: usd('50') }).map(nanoUsd),
        (spent, amount) => {
          const snapshot = { budget: aBudget(), current: spentTo(spent) }
          const outcome = grantOverride(snapshot, { ...request, amount }, DEFAULT_OVERRIDE_POLICY, NOW)
          if (outcome.kind !== 'granted') throw new Error(`refused: ${outcome.refusal}`)
          const current = { ...snapshot.current, override: outcome.override }
          const [view] = verdictOf('prj_1', [{ ...snapshot, current, liftUrl: null }], NOW).budgets
          expect(view?.state.kind).toBe('overridden')
          expect((view?.remaining ?? 0n) >= amount).toBe(true)
          if (spent >= usd('100')) expect(view?.remaining).toBe(amount)
        },
      ),
    )
  })

  it('ends with the period at the latest', () => {
    const late = new Date('2026-11-30T23:50:00.000Z')
    const outcome = grantOverride(
      { budget: aBudget(), current: spentTo(0n) },
      request,
      DEFAULT_OVERRIDE_POLICY,
      late,
    )
    expect(outcome).toMatchObject({ kind: 'granted', override: { until: NOVEMBER.until, reason: 'launch' } })
  })

  it('replaces the one before instead of stacking on it', () => {
    const current = { ...spentTo(usd('105')), override: anOverride() }
    const outcome = grantOverride({ budget: aBudget(), current }, request, DEFAULT_OVERRIDE_POLICY, NOW)
    expect(outcome).toMatchObject({ kind: 'granted', override: { ceiling: usd('115') } })
  })

  it.each([
    [{ amount: zeroUsd }, 'amount_not_positive'],
    [{ amount: usd('20.000000001') }, 'amount_above_policy'],
    [{ windowS: 61 }, 'window_not_offered'],
    [{ reason: '  ' }, 'reason_missing'],
  ])('refuses %o as %s', (facts, refusal) => {
    const policy = { ...DEFAULT_OVERRIDE_POLICY, amountMax: usd('20') }
    const snapshot = { budget: aBudget(), current: spentTo(usd('100')) }
    expect(grantOverride(snapshot, { ...request, ...facts }, policy, NOW)).toEqual({
      kind: 'refused',
      refusal,
    })
  })

  it('does not lift what a person stopped', () => {
    const outcome = grantOverride(withCard(spentTo(0n), true), request, DEFAULT_OVERRIDE_POLICY, NOW)
    expect(outcome).toEqual({ kind: 'refused', refusal: 'stopped_by_person' })
  })
})
