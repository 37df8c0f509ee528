/** Random numbers that are the same for the same seed, on every machine: mulberry32. */
export interface Seeded {
  /** From `min` to below `max`, evenly. */
  readonly between: (min: number, max: number) => number
  /** From the normal distribution of mean 0 and standard deviation 1. */
  readonly normal: () => number
}

export function seeded(seed: number): Seeded {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    between: (min, max) => min + (max - min) * next(),
    // Box-Muller.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}
