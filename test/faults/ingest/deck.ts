/** Which faults come in which round: each as often as every other, in an order by chance, often two at once. */
import { type FaultKind, TARGETS } from './fault-kinds.ts'
import type { Chance } from './seeded.ts'

export interface Deck {
  draw(): readonly FaultKind[]
}

const TOGETHER = 0.5

export function shuffleDeck(kinds: readonly FaultKind[], chance: Chance): Deck {
  let left: FaultKind[] = []
  const take = (isWanted: (kind: FaultKind) => boolean): FaultKind[] => {
    const index = left.findIndex(isWanted)
    return index === -1 ? [] : left.splice(index, 1)
  }
  return {
    draw: () => {
      if (left.length === 0) left = chance.shuffled(kinds)
      const [first] = take(() => true)
      if (first === undefined || !chance.isHit(TOGETHER)) return first === undefined ? [] : [first]
      return [first, ...take((kind) => TARGETS[kind] !== TARGETS[first])]
    },
  }
}
