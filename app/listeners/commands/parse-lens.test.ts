import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIMENSIONS } from '../../../db/clickhouse/queries/scope.ts'
import { parseLens } from './parse-lens.ts'

const NONE = { fields: {}, tags: {} }
const asked = { kind: 'spend', filter: NONE, format: null }

describe('what is typed after /lens', () => {
  it('is understood in any order and case', () => {
    const ranges = {
      today: { kind: 'today' },
      '7d': { kind: 'days', days: 7 },
      'last month': { kind: 'last_month' },
      '2026-11-01..2026-11-15': { kind: 'span', first: '2026-11-01', last: '2026-11-15' },
    }
    for (const [word, range] of Object.entries(ranges)) {
      for (const by of DIMENSIONS) {
        const question = { ...asked, range, by }
        expect(parseLens(`spend ${word} by ${by}`)).toEqual(question)
        expect(parseLens(`  SPEND by ${by.toUpperCase()}   ${word.toUpperCase()} `)).toEqual(question)
        expect(parseLens(`spend ${by} ${word}`)).toEqual(question)
      }
    }
  })

  it('narrows by patterns, in the case that they were typed in', () => {
    expect(parseLens('spend table model:gpt-4o*,O1 tag:Team=Search 7d route:“/A b” by tag:Team')).toEqual({
      ...{ kind: 'spend', range: { kind: 'days', days: 7 }, by: { tag: 'Team' }, format: 'table' },
      filter: { fields: { model: ['gpt-4o*', 'O1'], route: ['/A b'] }, tags: { Team: ['Search'] } },
    })
  })

  it('narrows by a tag that is called like what every object has', () => {
    expect(JSON.stringify(parseLens('spend tag:__proto__=x'))).toContain('"tags":{"__proto__":["x"]}')
  })

  it('is refused with the way out where days are reversed, too many, or none', () => {
    const said = (text: string) => JSON.stringify(parseLens(text))
    expect(said('spend 2026-11-15..2026-11-01')).toContain('2026-11-01..2026-11-15')
    expect(said('spend 2026-02-30..2026-03-01')).toContain('names no days')
    expect(said('spend 0d')).toContain('1 to 366 days')
    expect(said('spend model:')).toContain('model:gpt-4o*')
  })

  it('offers only what is understood', () => {
    const typed = fc.array(fc.constantFrom('spned', 'by', 'modle', '7d', 'usr', 'todya', 'by', 'tabel', 'x'))
    fc.assert(
      fc.property(typed, (words) => {
        const read = parseLens(words.join(' '))
        if (read.kind !== 'unknown' || read.suggestion === null) return
        expect(parseLens(read.suggestion.slice('/lens'.length)).kind).not.toBe('unknown')
      }),
    )
  })

  it('means this month where no time is named, and help where nothing is', () => {
    expect(parseLens('spend')).toEqual({ ...asked, range: { kind: 'mtd' }, by: null })
    expect(parseLens('')).toEqual({ kind: 'help' })
  })

  it('that is nearly right gets the whole command that was meant', () => {
    expect(parseLens('spned 7d')).toMatchObject({ kind: 'unknown', suggestion: '/lens spend 7d' })
    expect(parseLens('buget')).toMatchObject({ suggestion: '/lens budget' })
    expect(parseLens('spend 7d by modle')).toMatchObject({ suggestion: '/lens spend 7d by model' })
  })

  it('that names an unknown cut is told the known ones', () => {
    const answer = parseLens('spend by team')
    expect(answer).toMatchObject({ kind: 'unknown' })
    for (const dimension of DIMENSIONS) expect(JSON.stringify(answer)).toContain(dimension)
  })

  it('is answered whatever it is', () => {
    fc.assert(fc.property(fc.string({ maxLength: 3000 }), (text) => parseLens(text).kind !== undefined))
  })
})
