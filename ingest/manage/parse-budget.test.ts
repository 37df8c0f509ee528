import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aBudget, aPeriod } from '../../core/budget/a-budget.ts'
import { parseLadder } from '../../core/budget/parse-ladder.ts'
import { usd } from '../../core/money.ts'
import { mutatedJson } from '../../test/fuzz/mutated-json.ts'
import { jsonParser } from '../body/parse-json.ts'
import { Refusal } from '../errors.ts'
import { etagOf, toDefinitionJson } from './budget-json.ts'
import { parseBudgetChange, parseNewBudget } from './parse-budget.ts'

const ladder = parseLadder([
  { percent: 80, action: 'downgrade', from: 'gpt-4o', to: 'gpt-4o-mini' },
  { percent: 100, action: 'stop' },
])
if (ladder.kind === 'bad') throw new Error('the ladder is good')
const stored = {
  budget: aBudget({
    title: 'Search',
    scope: {
      projectId: 'prj_1',
      match: { fields: { model: ['gpt-4o*'] }, tags: { team: ['x'] } },
      each: 'user',
    },
    periodRule: { kind: 'quarter', timeZone: 'Asia/Kolkata', startsIn: 2, startsOn: 15 },
    rollover: { kind: 'unused', capPercent: 20 },
    ...{
      ladder: ladder.ladder,
      mode: 'strict',
      onUnreachable: 'deny',
      onUnpriced: 'allow',
      limit: usd('12.345678901'),
    },
  }),
  current: aPeriod(),
  ...{ installationId: null, channelId: null, createdBy: 'ada', liftUrl: null, overridePolicy: null },
}
/** What a person may say of it again. */
const {
  id: _id,
  title: _title,
  project: _project,
  limit_revision: _revision,
  ...said
} = toDefinitionJson(stored)

function refusedOr<T>(read: () => T): T | Refusal {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

describe('a budget on the wire', () => {
  it('is read as it was shown', () => {
    const { definition, projectId, slack } = parseNewBudget(JSON.parse(JSON.stringify(said)))
    const { scope, periodRule, rollover, limit, mode, onUnreachable, onUnpriced } = stored.budget
    expect({ projectId, slack }).toEqual({ projectId: 'prj_1', slack: null })
    expect(definition).toMatchObject({
      periodRule,
      rollover,
      limit,
      mode,
      onUnreachable,
      onUnpriced,
      ladder: ladder.ladder,
    })
    expect({ match: definition.match, each: definition.each }).toEqual({ match: scope.match, each: 'user' })
  })

  it('whatever it is changed to is read, or is refused by the names of its fields', () => {
    fc.assert(
      fc.property(mutatedJson(JSON.parse(JSON.stringify(said))), fc.boolean(), (text, isNew) => {
        // Bounded in depth before it comes here, as any body is.
        const json = jsonParser()(text)
        if (json.kind !== 'json') return
        const body = json.value
        const read = refusedOr(() => (isNew ? parseNewBudget(body) : parseBudgetChange(body)))
        if (!(read instanceof Refusal)) return
        expect(read.code).toBe('fields_invalid')
        expect(read.detail.fields?.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    { scope: { model: 'a\u0000b' } },
    { scope: { tags: { '\ud800': 'x' } } },
    { ladder: [{ percent: 5, action: 'downgrade', from: '\udfff', to: 'x' }] },
    { name: '\u0000' },
  ])('that could not be stored is refused: %j', (fields) => {
    expect(refusedOr(() => parseBudgetChange(fields))).toMatchObject({ code: 'fields_invalid' })
    const meant = refusedOr(() => parseBudgetChange({ scope: { model: 'a\\u0000b' } }))
    expect(meant).not.toBeInstanceOf(Refusal)
  })

  it('names nothing in a change that was not said', () => {
    expect(parseBudgetChange({ limit_usd: '5' }).change).toEqual({ limit: usd('5') })
    expect(parseBudgetChange({}).change).toEqual({})
  })

  it('has another ETag when a person changes it, and not when something is spent', () => {
    const spent = { ...stored, current: aPeriod({ spent: usd('9') }) }
    const renamed = { ...stored, budget: { ...stored.budget, title: 'Other' } }
    expect(etagOf(spent)).toBe(etagOf(stored))
    expect(etagOf(renamed)).not.toBe(etagOf(stored))
  })
})
