import { describe, expect, it } from 'vitest'
import { parseVerdictQuery } from './parse-verdict-query.ts'

describe('a call for a verdict', () => {
  it.each([
    [{}, undefined, { kind: 'asked', has: null, waitMs: 0 }],
    [{ after: 'abc' }, undefined, { kind: 'asked', has: 'abc', waitMs: 0 }],
    [{ after: 'abc', wait_s: '25' }, undefined, { kind: 'asked', has: 'abc', waitMs: 25_000 }],
    [{ after: 'abc', wait_s: '0.25' }, '"xyz"', { kind: 'asked', has: 'abc', waitMs: 250 }],
    [{ wait_s: '20' }, '"xyz"', { kind: 'asked', has: 'xyz', waitMs: 20_000 }],
    [{ wait_s: '20' }, 'W/"xyz", "abc"', { kind: 'asked', has: 'xyz', waitMs: 20_000 }],
    // Who has none waits for none.
    [{ wait_s: '20' }, undefined, { kind: 'asked', has: null, waitMs: 0 }],
    [{ wait_s: '20', after: '' }, undefined, { kind: 'asked', has: null, waitMs: 0 }],
    [{ project_id: 'prj_2' }, '*', { kind: 'asked', has: null, waitMs: 0 }],
  ])('%j with If-None-Match %s asks that', (query, header, asked) => {
    expect(parseVerdictQuery(query, header)).toEqual(asked)
  })

  it.each([
    [{ wait_s: '26' }, 'wait_s is "26"'],
    [{ wait_s: '-1' }, 'wait_s is "-1"'],
    [{ wait_s: 'soon' }, 'wait_s is "soon"'],
    [{ wait_s: '' }, 'wait_s is ""'],
    [{ wait_s: ['1', '2'] }, 'wait_s is ["1","2"]'],
    [{ after: ['a', 'b'] }, 'after is ["a","b"]'],
  ])('%j is refused, with what is wrong and the way out', (query, problem) => {
    const parsed = parseVerdictQuery(query, undefined)
    expect(parsed.kind === 'bad' && parsed.problem).toContain(problem)
    expect(parsed.kind === 'bad' && parsed.problem).toContain('from 0 to 25')
  })
})
