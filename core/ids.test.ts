import { describe, expect, it } from 'vitest'
import { ID_PREFIXES, isId, madeAt, newId, seededId, seededPartOf } from './ids.ts'

const NOW = new Date('2026-11-23T02:10:00.000Z')

describe('an id', () => {
  it('says what it names', () => {
    for (const prefix of ID_PREFIXES) {
      const id = newId(prefix, NOW)
      expect(isId(prefix, id)).toBe(true)
      expect(ID_PREFIXES.filter((other) => isId(other, id))).toEqual([prefix])
    }
  })

  it('is never made twice, in the same millisecond either', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('key', NOW))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('sorts by when it was made', () => {
    const ids = [0, 1, 1000, 86_400_000].map((ms) => newId('aud', new Date(NOW.getTime() + ms)))
    expect([...ids].sort()).toEqual(ids)
  })

  it('of a seed is an id as any other, found again by the seed whenever it was made', () => {
    const later = new Date(NOW.getTime() + 86_400_000)
    const [first, second, other] = [
      seededId('bud', 'a', NOW),
      seededId('bud', 'a', later),
      seededId('bud', 'b', NOW),
    ]
    expect([first, second, other].every((id) => isId('bud', id))).toBe(true)
    expect([first, second].every((id) => id.endsWith(seededPartOf('a')))).toBe(true)
    expect(other.endsWith(seededPartOf('a'))).toBe(false)
    expect([madeAt(first), madeAt(second)]).toEqual([NOW, later])
  })

  it.each(['bud_', 'bud_01J', 'prj_01JDAXAZ40000000000000000', 'bud_01jdaxaz4000000000000000000', ''])(
    'is not %j',
    (text) => {
      expect(isId('bud', text)).toBe(false)
    },
  )
})
