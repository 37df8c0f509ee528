import { describe, expect, it } from 'vitest'
import { parseLens } from './parse-lens.ts'
import { readAuditWords } from './read-audit-words.ts'

describe('what stands after /lens audit', () => {
  it('is how many and whose, in any order', () => {
    expect(readAuditWords('')).toEqual({ kind: 'asked', rowsMax: 10, whose: null })
    expect(readAuditWords('20')).toEqual({ kind: 'asked', rowsMax: 20, whose: null })
    for (const text of ['5 by @sam', 'by @sam 5', '@sam 5', 'BY sam 5'])
      expect(readAuditWords(text)).toEqual({ kind: 'asked', rowsMax: 5, whose: 'sam' })
    expect(readAuditWords('by “Sam Doe”')).toMatchObject({ whose: 'Sam Doe' })
  })

  it('that asks for too many, or none, is offered as many as there can be', () => {
    expect(readAuditWords('999 by @sam')).toMatchObject({ suggestion: '/lens audit 40 by @sam' })
    expect(readAuditWords('0')).toMatchObject({ suggestion: '/lens audit 10' })
    expect(parseLens('aduit 5')).toMatchObject({ suggestion: '/lens audit 5' })
  })
})
