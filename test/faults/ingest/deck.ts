/** Which faults come in which round: each as often as every other, in an order by chance, often two at once. */
import { type FaultKind, TARGETS } from './fault-kinds.ts'
import type { Chance } from './seeded.ts'

export interface Deck {
  draw(): readonly FaultKind[]
}

const TOGETHER = 0.5

/** Of `atOnce` faults a round has as many as there are targets left for; null for one, or two by chance. */
export function shuffleDeck(kinds: readonly FaultKind[], chance: Chance, atOnce: number | null = null): Deck {
  let left: FaultKind[] = []
  return {
    draw: () => {
      if (left.length === 0) left = chance.shuffled(kinds)
      const countMax = atOnce ?? (chance.isHit(TOGETHER) ? 2 : 1)
      const drawn: FaultKind[] = []
      const taken = new Set<string>()
      for (const kind of [...left]) {
        if (drawn.length === countMax || taken.has(TARGETS[kind])) continue
        drawn.push(kind)
        taken.add(TARGETS[kind])
      }
      left = left.filter((kind) => !drawn.includes(kind))
      return drawn
    },
  }
}
