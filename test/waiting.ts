/** Waits for what comes by itself, soon and not at once; the error says what did not come. */
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 25

/** Waits for something to be there. */
export async function until<T>(
  what: string,
  withinMs: number,
  look: () => T | null | false | Promise<T | null | false>,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== null && found !== false) return found
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`)
    await sleep(LOOK_EVERY_MS)
  }
}

/** Waits for an expectation to hold: until `look` no longer throws. */
export async function eventually<T>(look: () => Promise<T>, withinMs = 10_000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(LOOK_EVERY_MS)
    }
  }
}
