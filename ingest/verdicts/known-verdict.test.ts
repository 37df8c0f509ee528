import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aBudgetVerdict, aVerdict } from '../../test/ingest/a-verdict.ts'
import { knownVerdict } from './known-verdict.ts'
import type { BudgetVerdictJson, VerdictJson } from './verdict-json.ts'

const known = (verdict: VerdictJson) => knownVerdict(verdict, () => 0)
const copy = (verdict: VerdictJson): VerdictJson => ({
  ...verdict,
  budgets: verdict.budgets.map((budget) => ({ ...budget })),
})
/** One change of a budget, for each of its fields. */
const CHANGES: readonly Partial<BudgetVerdictJson>[] = [
  { budget_id: 'bud_2' },
  { title: 'other' },
  { project: null },
  { scope: { provider: ['openai'] } },
  { counter: 'user:u1' },
  { mode: 'strict' },
  { ask_first: true },
  { on_unreachable: 'deny' },
  { state: 'warned' },
  { stopped_by: 'limit' },
  { since: '2026-11-10T11:00:00.000Z' },
  { downgrades: [{ from: 'gpt-4o', to: 'gpt-4o-mini' }] },
  { calls_per_minute: 3 },
  { stopped_environments: ['staging'] },
  { period: 'December 2026' },
  { period_from: '2026-12-01T00:00:00.000Z' },
  { ask_first_models: ['openai/gpt-9'] },
  { price_version: 'genai-prices@9' },
  { limit_nano_usd: '1' },
  { ceiling_nano_usd: '2' },
  { until: '2026-11-10T13:00:00.000Z' },
  { resets_at: '2027-01-01T00:00:00.000Z' },
  { lifters: 'named' },
  { lift_url: 'https://example.slack.com/archives/C1/p1' },
]
const FIGURES: readonly Partial<BudgetVerdictJson>[] = [
  { spent_nano_usd: '5' },
  { estimated_nano_usd: '8' },
  { held_nano_usd: '6' },
  { remaining_nano_usd: '7' },
]

describe('the id of a verdict', () => {
  it('is the same for the same facts, whoever read them and whenever', () => {
    const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    fc.assert(
      fc.property(instant, fc.nat(), (at, ageMs) => {
        const other = knownVerdict({ ...copy(aVerdict()), as_of: at.toISOString() }, () => ageMs)
        expect(other.id).toBe(known(aVerdict()).id)
        expect(other.actsId).toBe(known(aVerdict()).actsId)
      }),
    )
  })

  it.each([...CHANGES, ...FIGURES])('is another when a budget says %j', (change) => {
    const changed = aVerdict({ budgets: [aBudgetVerdict(change)] })
    expect(known(changed).id).not.toBe(known(aVerdict()).id)
  })

  it.each([
    { allowed: false },
    { project_id: 'prj_2' },
    { budgets: [] },
    { stops: [{ reach: 'project', since: '2026-11-10T11:00:00.000Z', by: 'U1', reason: 'x' } as const] },
  ])('is another when the verdict says %j', (change) => {
    expect(known(aVerdict(change)).id).not.toBe(known(aVerdict()).id)
    expect(known(aVerdict(change)).actsId).not.toBe(known(aVerdict()).actsId)
  })

  it('tells what decides about calls from figures', () => {
    const acts = (change: Partial<BudgetVerdictJson>) =>
      known(aVerdict({ budgets: [aBudgetVerdict(change)] })).actsId
    for (const change of FIGURES) expect(acts(change)).toBe(acts({}))
    for (const change of CHANGES) expect(acts(change)).not.toBe(acts({}))
  })

  it('knows every field of a budget', () => {
    const fields = [...CHANGES, ...FIGURES].flatMap((change) => Object.keys(change))
    expect(fields.sort()).toEqual(Object.keys(aBudgetVerdict()).sort())
  })
})

describe('the body of a verdict', () => {
  it('is its JSON and its age, as old as it is when it is sent', () => {
    let ageMs = 12.4
    const verdict = aVerdict({ budgets: [aBudgetVerdict(), aBudgetVerdict({ title: '",]}' })] })
    const { body } = knownVerdict(verdict, () => ageMs)
    expect(JSON.parse(body('key_1'))).toEqual({ ...verdict, key_id: 'key_1', age_ms: 12 })
    ageMs = 9_000
    expect(JSON.parse(body('key_1'))).toEqual({ ...verdict, key_id: 'key_1', age_ms: 9_000 })
    expect(JSON.parse(known(aVerdict({ budgets: [] })).body('key_"2'))).toEqual({
      key_id: 'key_"2',
      ...aVerdict({ budgets: [] }),
      age_ms: 0,
    })
  })
})
