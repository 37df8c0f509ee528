/**
 * Writes scope-cases.jsonl anew: which counter a call falls under, and which it may fall under before it is made, as
 * core/budget/scope.ts says. The SDKs are held to the same file, so make it anew only when the rule itself changes: `node --import tsx test/scopes/make-scope-cases.ts`.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { parseScope } from '../../core/budget/parse-scope.ts'
import {
  type CallFacts,
  type Counter,
  counterAheadOf,
  counterOf,
  type Scope,
} from '../../core/budget/scope.ts'

const SEED = 20261125
const RANDOM_CASES = 240

interface Made {
  readonly scope: Readonly<Record<string, unknown>>
  readonly facts: CallFacts
}

// Few letters, so that patterns and values often meet; with what a comparison may trip over.
const letters = fc.constantFrom('a', 'b', 'é', '😀', '.')
const value = fc.array(letters, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
const pattern = fc
  .array(fc.oneof(letters, fc.constant('*')), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))
const patterns = fc.array(fc.oneof({ weight: 3, arbitrary: pattern }, { weight: 1, arbitrary: value }), {
  minLength: 1,
  maxLength: 3,
})
const nullable = fc.option(value, { nil: null, freq: 4 })

const scope = fc.record(
  {
    provider: fc.array(fc.constantFrom('openai', 'azure', 'open*', '*'), { minLength: 1, maxLength: 2 }),
    model: patterns,
    route: patterns,
    user: patterns,
    key: patterns,
    environment: patterns,
    tags: fc.dictionary(fc.constantFrom('t', 'team'), patterns, { maxKeys: 2 }),
    each: fc.constantFrom('user', 'key'),
  },
  { requiredKeys: [] },
)

const facts: fc.Arbitrary<CallFacts> = fc.record({
  projectId: fc.constant('prj_1'),
  provider: fc.constantFrom('openai', 'azure'),
  model: value,
  route: nullable,
  userId: nullable,
  apiKeyId: value,
  environment: value,
  tags: fc.dictionary(fc.constantFrom('t', 'team', 'other'), value, { maxKeys: 3 }),
})

const call: CallFacts = {
  projectId: 'prj_1',
  provider: 'openai',
  model: 'gpt-4o-mini',
  route: '/chat',
  userId: 'u1',
  apiKeyId: 'key_1',
  environment: 'production',
  tags: { team: 'search', empty: '' },
}

const CHOSEN: readonly Made[] = [
  { scope: {}, facts: call },
  { scope: { model: ['gpt-4o'] }, facts: call },
  { scope: { model: ['gpt-4o*'] }, facts: call },
  { scope: { model: ['*mini'] }, facts: call },
  { scope: { model: ['gpt*4o*mini'] }, facts: call },
  { scope: { model: ['gpt-4o-mini*mini'] }, facts: call },
  { scope: { model: ['GPT-4o-mini'] }, facts: call },
  { scope: { model: ['gpt-4o-m.ni', 'gpt-4o-m?ni', 'gpt-4o-[m]ini'] }, facts: call },
  { scope: { model: ['**'] }, facts: call },
  { scope: { model: ['*a*a*a*a*a*a*a*a*b'] }, facts: { ...call, model: 'a'.repeat(120) } },
  ...[
    'gpt-4o',
    'gpt-4o-latest',
    'gpt-4o-2024-08-06',
    'gpt-4o-0806',
    'gpt-4o@20240806',
    'gpt-4o-mini',
  ].flatMap((model) =>
    [['gpt-4o'], ['gpt-4o-latest'], ['gpt-4o-2024-08-06'], ['gpt-4o@20240806', 'x'], ['gpt-4o-2024*']].map(
      (patterns): Made => ({ scope: { model: patterns }, facts: { ...call, model } }),
    ),
  ),
  { scope: { model: ['*-08-06', '*-latest'] }, facts: { ...call, model: 'gpt-4o' } },
  {
    scope: { model: ['gpt-4o-é024-08-06', 'gpt-4o-²024-08-06', 'gpt-4o-٣٣٣'] },
    facts: { ...call, model: 'gpt-4o' },
  },
  { scope: { model: ['gpt-4o'] }, facts: { ...call, model: 'gpt-4o-²³¹' } },
  { scope: { model: ['gpt-4o'] }, facts: { ...call, model: 'gpt-4o-0613\n' } },
  { scope: { route: ['*'] }, facts: { ...call, route: null } },
  { scope: { user: ['*'] }, facts: { ...call, userId: null } },
  { scope: { each: 'user' }, facts: call },
  { scope: { each: 'user' }, facts: { ...call, userId: null } },
  { scope: { each: 'key' }, facts: call },
  { scope: { key: ['key_1'] }, facts: call },
  { scope: { key: ['key_2'] }, facts: call },
  { scope: { tags: { team: ['search', 'ads'] } }, facts: call },
  { scope: { tags: { team: ['search'], cost: ['*'] } }, facts: call },
  { scope: { tags: { empty: ['*'] } }, facts: call },
  { scope: { environment: ['prod*'], each: 'user' }, facts: { ...call, environment: 'staging' } },
]

/** Half of each kind, so that neither answer is right by habit. */
function chooseRandom(): readonly Made[] {
  const made = fc.sample(fc.record({ scope, facts }), { seed: SEED, numRuns: 200 * RANDOM_CASES })
  const isCovered = (one: Made): boolean => counterFor(one) !== null
  const asksMuch = made.filter((one) => Object.keys(one.scope).length > 0)
  const half = RANDOM_CASES / 2
  return [
    ...asksMuch.filter(isCovered).slice(0, half),
    ...asksMuch.filter((one) => !isCovered(one)).slice(0, half),
  ]
}

function counterFor({ scope: wire, facts: of }: Made, by: CounterOf = counterOf): Counter | null {
  const parsed = parseScope(wire)
  if (parsed.kind === 'bad') throw new Error(parsed.problems.join('; '))
  return by({ projectId: null, ...parsed.scope }, of)
}

type CounterOf = (scope: Scope, facts: CallFacts) => Counter | null

const toCase = (made: Made): unknown => {
  const { provider, model, route, userId, apiKeyId, environment, tags } = made.facts
  const told = { provider, model, route, user_id: userId, key_id: apiKeyId, environment, tags }
  return {
    scope: made.scope,
    facts: told,
    counter: counterFor(made),
    ahead: counterFor(made, counterAheadOf),
  }
}

const lines = [...CHOSEN, ...chooseRandom()].map((made) => JSON.stringify(toCase(made)))
await writeFile(fileURLToPath(new URL('scope-cases.jsonl', import.meta.url)), `${lines.join('\n')}\n`)
