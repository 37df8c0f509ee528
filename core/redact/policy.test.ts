import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY, parseRedactionPolicy } from './policy.ts'

describe('a redaction policy', () => {
  it('is the default where a project says nothing', () => {
    expect(parseRedactionPolicy({})).toEqual({ kind: 'policy', policy: DEFAULT_POLICY })
  })

  it('takes what is said and completes the rest', () => {
    const parsed = parseRedactionPolicy({
      kinds: { email: 'hash', ip: 'allow' },
      ids: 'drop',
      fields: { Customer_Name: 'drop' },
      text: 'keep',
    })
    expect(parsed).toEqual({
      kind: 'policy',
      policy: {
        kinds: { ...DEFAULT_POLICY.kinds, email: 'hash', ip: 'allow' },
        ids: 'drop',
        fields: new Map([['customer_name', 'drop']]),
        text: 'keep',
      },
    })
  })

  it('reports every problem together, by name', () => {
    const parsed = parseRedactionPolicy({
      kinds: { email: 'shred', fax: 'redact' },
      ids: null,
      fields: { a: 'hash', A: 'hash', '': 'drop' },
      text: 'maybe',
      extra: 1,
    })
    expect(parsed.kind === 'bad' && parsed.problems.map((problem) => problem.split(' ')[0])).toEqual([
      '"extra"',
      'kinds.email',
      'kinds',
      'ids',
      'fields',
      'a',
      'text',
    ])
  })

  it.each([null, undefined, 'redact', [], 1])('is never read from %j', (value) => {
    expect(parseRedactionPolicy(value).kind).toBe('bad')
  })

  it('names at most 200 fields', () => {
    const fields = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}`, 'drop']))
    expect(parseRedactionPolicy({ fields }).kind).toBe('bad')
  })
})
