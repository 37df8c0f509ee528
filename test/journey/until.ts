/** Waits for something that comes by itself; the error says what did not come. */
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 25

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
