/** Chance that is the same at every run of a seed, so that a round which finds something can be made again. */

export interface Chance {
  /** From 0 up to 1. */
  next(): number
  /** A whole number from 0 up to `limit`, exclusive. */
  below(limit: number): number
  between(from: number, until: number): number
  isHit(probability: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
  shuffled<T>(list: readonly T[]): T[]
}

/** mulberry32: small, and even enough for what is drawn here. */
export function seeded(seed: number): Chance {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (from, until) => from + below(until - from),
    isHit: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] ?? list[0],
    shuffled: (list) => {
      const left = [...list]
      return list.flatMap(() => left.splice(below(left.length), 1))
    },
  }
}
