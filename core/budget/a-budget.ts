/** Builders for tests: a budget of $100 for support-bot in November 2026, with what a test cares about changed. */
import { usd } from '../money.ts'
import { MONTHLY_UTC } from '../period/period-rule.ts'
import { type Budget, type BudgetPeriod, DEFAULT_THRESHOLDS_PERCENT, type Override } from './budget.ts'
import { DEFAULT_LADDER } from './ladder.ts'
import { emptyPeriodOf } from './period-at.ts'
import { ONE_COUNTER, scopeOfProject } from './scope.ts'

export const NOVEMBER = {
  from: new Date('2026-11-01T00:00:00.000Z'),
  until: new Date('2026-12-01T00:00:00.000Z'),
}

export const aBudget = (facts: Partial<Budget> = {}): Budget => ({
  id: 'bud_1',
  orgId: 'org_1',
  title: 'support-bot',
  scope: scopeOfProject('prj_1'),
  projectName: 'support-bot',
  periodRule: MONTHLY_UTC,
  rollover: 'none',
  ladder: DEFAULT_LADDER,
  mode: 'cached',
  onUnreachable: 'allow',
  onUnpriced: 'estimate_high',
  lifters: 'admins',
  limit: usd('100'),
  thresholdsPercent: DEFAULT_THRESHOLDS_PERCENT,
  limitRevision: 1,
  manualStop: null,
  ...facts,
})

export const aPeriod = (facts: Partial<BudgetPeriod> = {}): BudgetPeriod => ({
  ...emptyPeriodOf(NOVEMBER, ONE_COUNTER),
  ...facts,
})

export const anOverride = (facts: Partial<Override> = {}): Override => ({
  id: 'ovr_1',
  amount: usd('10'),
  ceiling: usd('110'),
  grantedAt: new Date('2026-11-20T12:00:00.000Z'),
  until: new Date('2026-11-20T13:00:00.000Z'),
  grantedBy: 'U1',
  reason: 'launch day',
  ...facts,
})
