import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIMENSIONS } from '../../../db/clickhouse/queries/scope.ts'
import { RANGES } from '../../spend/read-spend.ts'
import { parseLens } from './parse-lens.ts'

describe('what is typed after /lens', () => {
  it('is understood in any order and case', () => {
    for (const range of RANGES) {
      for (const by of DIMENSIONS) {
        const question = { kind: 'spend', range, by }
        expect(parseLens(`spend ${range} by ${by}`)).toEqual(question)
        expect(parseLens(`  SPEND by ${by.toUpperCase()}   ${range} `)).toEqual(question)
        expect(parseLens(`spend ${by} ${range}`)).toEqual(question)
      }
    }
  })

  it('means this month where no time is named, and help where nothing is', () => {
    expect(parseLens('spend')).toEqual({ kind: 'spend', range: 'mtd', by: null })
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
