/** Random scopes, facts and ladders for laws, from few enough names that scopes and calls often meet. */
import fc from 'fast-check'
import type { Ladder, LadderAction } from '../../core/budget/ladder.ts'
import { type CallFacts, EACH, type Match, SCOPE_FIELDS, type Scope } from '../../core/budget/scope.ts'

const names = ['a', 'ab', 'abc', 'b', 'ba*', 'A', ' ', 'ü']
const name = fc.constantFrom(...names)
const pattern = fc.oneof(name, fc.constantFrom('*', 'a*', '*b', 'a*c', '**', '*a*', 'b?'))

export const arbitraryFacts: fc.Arbitrary<CallFacts> = fc.record({
  projectId: fc.constantFrom('prj_1', 'prj_2'),
  provider: name,
  model: name,
  route: fc.option(name),
  userId: fc.option(name),
  apiKeyId: fc.constantFrom('key_1', 'key_2'),
  environment: name,
  tags: fc.dictionary(fc.constantFrom('team', 'app'), name, { maxKeys: 2, noNullPrototype: true }),
})

const patterns = fc.array(pattern, { minLength: 1, maxLength: 3 })

const match: fc.Arbitrary<Match> = fc
  .record({
    fields: fc.dictionary(fc.constantFrom(...SCOPE_FIELDS), patterns, { maxKeys: 3, noNullPrototype: true }),
    tags: fc.dictionary(fc.constantFrom('team', 'app'), patterns, { maxKeys: 2, noNullPrototype: true }),
  })
  .map(({ fields, tags }) => ({ fields: { ...fields, ...lowerCase(fields.provider) }, tags }))

/** As parsing leaves it: providers have no capitals. */
const lowerCase = (providers: readonly string[] | undefined) =>
  providers === undefined ? {} : { provider: providers.map((text) => text.toLowerCase()) }

export const arbitraryScope: fc.Arbitrary<Scope> = fc.record({
  projectId: fc.constantFrom('prj_1', 'prj_2', null),
  match,
  each: fc.option(fc.constantFrom(...EACH), { freq: 2 }),
})

const action: fc.Arbitrary<LadderAction> = fc.oneof(
  fc.record({ kind: fc.constant('downgrade' as const), from: pattern, to: name }),
  fc.record({ kind: fc.constant('throttle' as const), callsPerMinute: fc.integer({ min: 1, max: 600 }) }),
  fc.record({
    kind: fc.constant('stop' as const),
    environments: fc.option(fc.array(name, { minLength: 1, maxLength: 2 })),
  }),
)

export const arbitraryLadder: fc.Arbitrary<Ladder> = fc
  .array(fc.record({ percent: fc.integer({ min: 1, max: 150 }), action }), { maxLength: 5 })
  .map((rungs) => rungs.toSorted((a, b) => a.percent - b.percent))
