import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryFacts, arbitraryScope } from '../../test/budgets/arbitrary-scopes.ts'
import { parseScope, toScopeJson } from './parse-scope.ts'
import {
  type CallFacts,
  counterOf,
  covers,
  EACH,
  fits,
  isWhole,
  MATCH_ALL,
  ONE_COUNTER,
  ownerOf,
  type Scope,
} from './scope.ts'
import { counterWords, scopeWords } from './scope-words.ts'

const facts: CallFacts = {
  projectId: 'prj_1',
  provider: 'openai',
  model: 'gpt-4o-mini',
  route: '/chat',
  userId: 'u1',
  apiKeyId: 'key_1',
  environment: 'production',
  tags: { team: 'search' },
}
const scopeOf = (given: unknown, projectId: string | null = 'prj_1'): Scope => {
  const parsed = parseScope(given)
  if (parsed.kind === 'bad') throw new Error(parsed.problems.join('; '))
  return { projectId, ...parsed.scope }
}

describe('a pattern', () => {
  it('fits exactly what a regular expression with .* for each star fits', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', 'ü'), maxLength: 8 })
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
        expect(fits(pattern, value)).toBe(new RegExp(`^${escaped}$`, 's').test(value))
      }),
      { numRuns: 2000 },
    )
  })

  it('of many stars is no slower than the product of the lengths, whatever it is tried on', () => {
    expect(fits(`${'a*'.repeat(120)}b`, 'a'.repeat(256))).toBe(false)
  })
})

describe('a scope', () => {
  it.each<[string, unknown, boolean]>([
    ['everything', {}, true],
    ['its provider', { provider: 'OpenAI' }, true],
    ['a model by pattern', { model: ['gpt-4o*'] }, true],
    ['one of several models', { model: ['claude*', 'gpt-4o-mini'] }, true],
    ['another model', { model: 'gpt-4o' }, false],
    ['its route and another user', { route: '/chat', user: 'u2' }, false],
    ['its key', { key: 'key_1' }, true],
    ['another environment', { environment: 'staging' }, false],
    ['its tag', { tags: { team: ['search', 'ads'] } }, true],
    ['a tag that it does not carry', { tags: { app: '*' } }, false],
    ['a tag that is called like what every object has', { tags: { ['__proto__']: '*' } }, false],
    ['another of these', { tags: { constructor: '*' } }, false],
  ])('that asks for %s covers a call or not: %o, %s', (_what, given, is) => {
    expect(covers(scopeOf(given), facts)).toBe(is)
  })

  it('over the whole organisation covers every project, and one over a project that project alone', () => {
    expect(covers(scopeOf({}, null), { ...facts, projectId: 'prj_9' })).toBe(true)
    expect(covers(scopeOf({}), { ...facts, projectId: 'prj_9' })).toBe(false)
  })

  it('over users or routes covers no call that names none', () => {
    expect(covers(scopeOf({ user: '*' }), { ...facts, userId: null })).toBe(false)
    expect(covers(scopeOf({ route: '*' }), { ...facts, route: null })).toBe(false)
  })

  it('puts a covered call under one counter: that of its user or key, where each has one', () => {
    fc.assert(
      fc.property(arbitraryScope, arbitraryFacts, (scope, call) => {
        const counter = counterOf(scope, call)
        expect(counter === null).toBe(!covers(scope, call))
        if (counter === null) return
        if (scope.each === null) expect(counter).toBe(ONE_COUNTER)
        else expect(ownerOf(counter)).toBe(scope.each === 'key' ? call.apiKeyId : call.userId)
      }),
    )
  })

  it('leaves no way around a limit for each user by naming none: such calls share a counter', () => {
    const nobody = counterOf(scopeOf({ each: 'user' }), { ...facts, userId: null })
    expect(nobody).not.toBeNull()
    expect(nobody).not.toBe(ONE_COUNTER)
    expect(counterWords({ each: 'user' }, nobody ?? '')).toBe('user (none named)')
  })

  it('that asks for less covers more', () => {
    fc.assert(
      fc.property(arbitraryScope, arbitraryFacts, (scope, call) => {
        fc.pre(covers(scope, call))
        for (const field of Object.keys(scope.match.fields)) {
          const fields = Object.fromEntries(
            Object.entries(scope.match.fields).filter(([name]) => name !== field),
          )
          expect(covers({ ...scope, match: { ...scope.match, fields } }, call)).toBe(true)
        }
        expect(covers({ ...scope, projectId: null, match: MATCH_ALL }, call)).toBe(true)
      }),
    )
  })

  it('is the same after it was written down and read', () => {
    fc.assert(
      fc.property(arbitraryScope, ({ projectId, ...scope }) => {
        const parsed = parseScope(JSON.parse(JSON.stringify(toScopeJson(scope))))
        expect(parsed).toEqual({ kind: 'parsed', scope })
        expect(isWhole({ projectId, ...scope })).toBe(Object.keys(toScopeJson(scope)).length === 0)
      }),
    )
  })

  it.each<[unknown, RegExp]>([
    [[], /must be an object/],
    [{ modell: 'gpt-4o' }, /no "modell"; it has provider, model/],
    [{ model: [] }, /scope\.model lists 0 values/],
    [{ model: [4] }, /scope\.model holds 4; each value must be a text/],
    [{ each: 'team' }, /scope\.each is "team"; it must be user or key/],
    [{ tags: { team: [''] } }, /scope\.tags\.team holds ""/],
    [{ tags: 'team' }, /scope\.tags must be an object/],
  ])('that is %o is refused with what is wrong and the way out', (given, said) => {
    const parsed = parseScope(given)
    expect(parsed.kind === 'bad' && parsed.problems.join('; ')).toMatch(said)
  })

  it('is said in words', () => {
    const scope = scopeOf({ model: ['gpt-4o*', 'o1'], tags: { team: 'search' }, each: 'user' })
    expect(scopeWords(scope, 'support-bot')).toBe('support-bot, model gpt-4o* or o1, team search, each user')
    expect(scopeWords(scopeOf({}, null), null)).toBe('the whole organisation')
    expect(EACH).toContain('user')
  })
})
