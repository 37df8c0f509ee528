import { describe, expect, it } from 'vitest'
import { shuffleDeck } from './deck.ts'
import { FAULT_KINDS, TARGETS } from './fault-kinds.ts'
import { seeded } from './seeded.ts'

describe('the faults of the rounds', () => {
  it.each([null, 1, 7])(
    'come each as often as every other, and never two on one target: at once %s',
    (atOnce) => {
      const deck = shuffleDeck(FAULT_KINDS, seeded(3), atOnce)
      const counts = new Map<string, number>()
      const isEven = () => new Set(FAULT_KINDS.map((kind) => counts.get(kind) ?? 0)).size === 1
      for (let decks = 0; decks < 20; ) {
        const drawn = deck.draw()
        expect(drawn.length).toBeGreaterThan(0)
        expect(new Set(drawn.map((kind) => TARGETS[kind])).size).toBe(drawn.length)
        for (const kind of drawn) counts.set(kind, (counts.get(kind) ?? 0) + 1)
        expect(
          Math.max(...counts.values()) - Math.min(...FAULT_KINDS.map((kind) => counts.get(kind) ?? 0)),
        ).toBeLessThanOrEqual(1)
        if (isEven()) decks += 1
      }
    },
  )
})
