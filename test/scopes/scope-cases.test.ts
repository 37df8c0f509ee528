import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseScope } from '../../core/budget/parse-scope.ts'
import { counterAheadOf, counterOf } from '../../core/budget/scope.ts'

interface ScopeCase {
  readonly scope: Readonly<Record<string, unknown>>
  readonly facts: {
    readonly provider: string
    readonly model: string
    readonly route: string | null
    readonly user_id: string | null
    readonly key_id: string
    readonly environment: string
    readonly tags: Readonly<Record<string, string>>
  }
  readonly counter: string | null
  /** Before the call is made, when the snapshot that will answer is not known. */
  readonly ahead: string | null
}

// The Python SDK reads the same file (sdk/python/tests/test_scope.py).
const cases: readonly ScopeCase[] = readFileSync(new URL('scope-cases.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

describe('the cases that the SDKs are held to', () => {
  it('are what the server itself answers, covered and not', () => {
    for (const { scope, facts, counter, ahead } of cases) {
      const parsed = parseScope(scope)
      if (parsed.kind === 'bad') throw new Error(parsed.problems.join('; '))
      const { user_id: userId, key_id: apiKeyId, ...same } = facts
      const asked = [
        { projectId: null, ...parsed.scope },
        { projectId: 'p', userId, apiKeyId, ...same },
      ] as const
      const answer = { counter: counterOf(...asked), ahead: counterAheadOf(...asked) }
      expect({ scope, facts, ...answer }).toEqual({ scope, facts, counter, ahead })
    }
    const covered = cases.filter(({ counter }) => counter !== null).length
    expect(covered).toBeGreaterThan(100)
    expect(cases.length - covered).toBeGreaterThan(100)
  })
})
