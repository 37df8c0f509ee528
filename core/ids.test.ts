import { describe, expect, it } from 'vitest'
import { ID_PREFIXES, isId, newId } from './ids.ts'

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

  it.each(['bud_', 'bud_01J', 'prj_01JDAXAZ40000000000000000', 'bud_01jdaxaz4000000000000000000', ''])(
    'is not %j',
    (text) => {
      expect(isId('bud', text)).toBe(false)
    },
  )
})
