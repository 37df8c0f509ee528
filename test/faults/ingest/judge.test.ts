import { describe, expect, it } from 'vitest'
import { asAdmitted, judge } from './judge.ts'

const calls = [
  { identities: ['a'], cost: 5n },
  { identities: ['b', 'b-otlp'], cost: null },
]
const NOTHING = { lost: [], duplicated: [], mispriced: [] }

describe('the judge', () => {
  it('finds nothing where each call is held once, by whichever of its reports', () => {
    for (const b of ['b', 'b-otlp'])
      expect(
        judge(calls, [
          [b, 'null'],
          ['a', '5'],
        ]),
      ).toEqual(NOTHING)
  })

  it('names what is lost', () => {
    expect(judge(calls, [['a', '5']])).toEqual({ ...NOTHING, lost: ['b'] })
  })

  it('names what is held twice, by one report or by two, and what nobody sent', () => {
    const rows = [
      ['a', '5'],
      ['a', '5'],
      ['b', 'null'],
      ['b-otlp', 'null'],
      ['c', '1'],
    ] as const
    expect(judge(calls, rows)).toEqual({ ...NOTHING, duplicated: ['a', 'b-otlp', 'c'] })
  })

  it('names what is held at another cost, an unknown one included', () => {
    const rows = [
      ['a', 'null'],
      ['b', '0'],
    ] as const
    expect(judge(calls, rows)).toEqual({ ...NOTHING, mispriced: ['a', 'b'] })
  })

  it('asks of the other stores the very report that the ledger admitted', () => {
    const admitted = asAdmitted(calls, [
      ['a', '5'],
      ['b-otlp', 'null'],
    ])
    expect(
      judge(admitted, [
        ['a', '5'],
        ['b', 'null'],
      ]),
    ).toEqual({ ...NOTHING, lost: ['b-otlp'], duplicated: ['b'] })
  })
})
