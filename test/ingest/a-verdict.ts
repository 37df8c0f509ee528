/** A verdict of one project and its budgets, with what a test wants to be different. */
import type { BudgetVerdictJson, VerdictJson } from '../../ingest/verdicts/verdict-json.ts'

export const aBudgetVerdict = (changes: Partial<BudgetVerdictJson> = {}): BudgetVerdictJson => ({
  budget_id: 'bud_1',
  title: 'support-bot',
  project: 'support-bot',
  scope: {},
  counter: '',
  mode: 'cached',
  ask_first: false,
  on_unreachable: 'allow',
  state: 'open',
  stopped_by: null,
  since: null,
  downgrades: [],
  calls_per_minute: null,
  stopped_environments: [],
  ask_first_models: [],
  period: 'November 2026',
  price_version: 'genai-prices@0.1.8',
  period_from: '2026-11-01T00:00:00.000Z',
  spent_nano_usd: '1000000000',
  estimated_nano_usd: '0',
  held_nano_usd: '0',
  limit_nano_usd: '25000000000',
  remaining_nano_usd: '24000000000',
  ceiling_nano_usd: null,
  until: null,
  resets_at: '2026-12-01T00:00:00.000Z',
  lifters: 'admins',
  lift_url: null,
  ...changes,
})

export const aVerdict = (changes: Partial<VerdictJson> = {}): VerdictJson => ({
  project_id: 'prj_1',
  allowed: true,
  as_of: '2026-11-10T12:00:00.000Z',
  stops: [],
  budgets: [aBudgetVerdict()],
  ...changes,
})
