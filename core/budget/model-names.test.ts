import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsModel, mayFitModel, namesOfModel } from './model-names.ts'

const part = fc.constantFrom('gpt', '4o', 'mini', '-', '-', '-2024', '-08', '@', '3', '0613', 'latest', '*')
const texts = (of: fc.Arbitrary<string>) =>
  fc.array(of, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
const family = texts(part.filter((text) => text !== '*'))
const digits = (many: number) =>
  texts(fc.constantFrom(...'0123456789')).map((text) => text.padEnd(many, '7').slice(0, many))
const end = fc.oneof(
  fc.tuple(digits(4), digits(2), digits(2)).map(([y, m, d]) => `-${y}-${m}-${d}`),
  fc.tuple(fc.constantFrom('-', '@'), digits(8)).map(([mark, day]) => `${mark}${day}`),
  digits(4).map((day) => `-${day}`),
  digits(3).map((version) => `-${version}`),
)

/** Who asks for a name without a snapshot is answered by it, or by a snapshot; who asks for a snapshot by that. */
const calls = fc
  .record({ family, end, asks: fc.constantFrom('name', 'latest', 'snapshot'), answersSnapshot: fc.boolean() })
  .map(({ asks, answersSnapshot, ...of }) => {
    const asked = asks === 'name' ? of.family : `${of.family}${asks === 'latest' ? '-latest' : of.end}`
    const stem = namesOfModel(asked)[1] ?? asked
    const isOpen = asked === stem || asked === `${stem}-latest`
    return { asked, answered: isOpen && answersSnapshot ? `${stem}${of.end}` : asked }
  })
/** Most patterns are made of the names, with a star put somewhere in. */
const filters = calls.chain((call) =>
  fc
    .record({
      name: fc.oneof(fc.constantFrom(call.asked, call.answered, ...namesOfModel(call.answered)), texts(part)),
      from: fc.nat({ max: 20 }),
      cut: fc.nat({ max: 20 }),
      isStarred: fc.boolean(),
    })
    .map(({ name, from, cut, isStarred }) => ({
      ...call,
      pattern: isStarred ? `${name.slice(0, from)}*${name.slice(from + cut)}` : name,
    })),
)

describe('a filter over a model', () => {
  it('that covers the name asked for covers the snapshot that answers, which it may have been held for', () => {
    let [held, counted, answeredOtherwise] = [0, 0, 0]
    fc.assert(
      fc.property(filters, ({ asked, answered, pattern }) => {
        if (fitsModel(pattern, asked)) expect(fitsModel(pattern, answered)).toBe(true)
        if (fitsModel(pattern, answered)) expect(mayFitModel(pattern, asked)).toBe(true)
        held += mayFitModel(pattern, asked) ? 1 : 0
        counted += fitsModel(pattern, answered) ? 1 : 0
        answeredOtherwise += asked === answered ? 0 : 1
      }),
      { numRuns: 3_000 },
    )
    expect(Math.min(held, counted, answeredOtherwise)).toBeGreaterThan(500)
    expect(held).toBeGreaterThan(counted)
  })

  it.each([
    ['gpt-4o', 'gpt-4o-2024-08-06', true],
    ['gpt-4', 'gpt-4-0613', true],
    ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet-20241022', true],
    ['claude-3-5-sonnet', 'claude-3-5-sonnet@20241022', true],
    ['gemini-1.5-pro', 'gemini-1.5-pro-002', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['gpt-4o', 'gpt-4o-mini-2024-07-18', false],
    ['gpt-4o-2024-08-06', 'gpt-4o-2024-05-13', false],
    ['gpt-4o-2024-08-06', 'gpt-4o', false],
    ['*-latest', 'gpt-4o', false],
  ])('%s over what %s answered: %s', (pattern, model, covers) => {
    expect(fitsModel(pattern, model)).toBe(covers)
  })

  it.each([
    ['gpt-4o-2024-08-06', 'gpt-4o', true],
    ['gpt-4o-2024*', 'gpt-4o', true],
    ['*-08-06', 'gpt-4o', true],
    ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet-latest', true],
    ['gpt-4o-2024-08-06', 'gpt-4o-2024-05-13', false],
    ['*mini', 'gpt-4o', false],
    ['gpt-4o-mini', 'gpt-4o', false],
    ['gpt-4o-x', 'gpt-4o', false],
  ])('%s may cover a call that asks for %s: %s', (pattern, model, covers) => {
    expect(mayFitModel(pattern, model)).toBe(covers)
  })
})
