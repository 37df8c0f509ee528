import { describe, expect, it } from 'vitest'
import { DETECTED_KINDS } from '../kinds.ts'
import { labelled } from './labelled.ts'
import { precisionOf, recallOf, score } from './score.ts'

const { seen, heldOut } = labelled()

describe('the labelled strings', () => {
  it('are more than 700, half of them of a half that nothing was tuned on, and many hold nothing', () => {
    const clean = [...seen, ...heldOut].filter(({ expected }) => expected.length === 0)
    expect(seen.length + heldOut.length).toBeGreaterThan(700)
    expect(heldOut.length).toBeGreaterThan(350)
    expect(clean.length).toBeGreaterThan(400)
  })

  it('hold every kind in both halves', () => {
    for (const half of [seen, heldOut]) {
      const kinds = new Set(half.flatMap(({ expected }) => expected.map(({ kind }) => kind)))
      expect([...kinds].sort()).toEqual([...DETECTED_KINDS].sort())
    }
  })

  it('stay found: all that the rules were tuned on, without a false alarm', () => {
    const { missed, alarmed } = score(seen)
    expect({ missed, alarmed }).toEqual({ missed: [], alarmed: [] })
  })

  it('of the other half, at least 97 of 100 are found and 98 of 100 findings are right', () => {
    const { all, kinds } = score(heldOut)
    expect(recallOf(all)).toBeGreaterThanOrEqual(0.97)
    expect(precisionOf(all)).toBeGreaterThanOrEqual(0.98)
    for (const kind of DETECTED_KINDS) expect(recallOf(kinds[kind]), kind).toBeGreaterThanOrEqual(0.9)
  })
})
