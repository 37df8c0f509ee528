/**
 * Reads what was asked for, many at once and one reading after the other.
 * Invariant: what is asked for is read after it was asked; a reading that fails is tried again, later each time.
 */
import { failureStreak } from '../failure-streak.ts'
import type { Log } from '../log.ts'
import { pause } from '../pause.ts'

export interface Turns {
  /** Reads this id with the next turn, once, however often it is asked for until then. */
  ask(id: string): void
  /** Reads this id with the next turn, and resolves when that was tried, or after `msMax`. */
  next(id: string, msMax: number): Promise<void>
  /** Why the last turn failed; null when it did not. */
  lastError(): string | null
  /** Ends with the turn that is under way. */
  close(): Promise<void>
}

export interface TurnsOptions {
  readonly read: (ids: readonly string[]) => Promise<void>
  /**
   * At least this long from one turn to the next, and at least twice as long as the turn took: bursts become one turn,
   * and reading takes no more than a third of the time.
   */
  readonly gapMs: number
  readonly elapsedMs: () => number
  /** Ends the sentence "cannot ..." in the log. */
  readonly deed: string
  readonly log: Log
}

const IDS_AT_ONCE = 1_000

export function readInTurns({ read, gapMs, elapsedMs, deed, log }: TurnsOptions): Turns {
  const asked = new Set<string>()
  const tried = new Map<string, Set<() => void>>()
  const closing = new AbortController()
  const streak = failureStreak(deed, log)
  let wake: () => void = () => undefined

  async function turn(): Promise<void> {
    const ids = [...asked].slice(0, IDS_AT_ONCE)
    for (const id of ids) asked.delete(id)
    // Who asks from here on asks for the turn after this one.
    const waiters = ids.flatMap((id) => [...(tried.get(id) ?? [])])
    try {
      await read(ids)
    } catch (error) {
      for (const id of ids) asked.add(id)
      throw error
    } finally {
      for (const done of waiters) done()
    }
  }

  async function turns(): Promise<void> {
    while (!closing.signal.aborted) {
      if (asked.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const beganAtMs = elapsedMs()
      const waitMs = await turn().then(
        () => {
          streak.recovered()
          return Math.max(gapMs, 2 * (elapsedMs() - beganAtMs))
        },
        (error: unknown) => streak.failed(error),
      )
      await pause(waitMs, closing.signal)
    }
  }

  const ask = (id: string): void => {
    asked.add(id)
    wake()
  }
  const waitersOf = (id: string): Set<() => void> => {
    const waiters = tried.get(id) ?? new Set()
    tried.set(id, waiters)
    return waiters
  }

  const running = turns()
  return {
    ask,
    async next(id, msMax) {
      const done = new AbortController()
      const waiters = waitersOf(id)
      const end = () => done.abort()
      waiters.add(end)
      ask(id)
      await pause(msMax, AbortSignal.any([done.signal, closing.signal]))
      waiters.delete(end)
      if (waiters.size === 0) tried.delete(id)
    },
    lastError: () => streak.lastError(),
    async close() {
      closing.abort()
      wake()
      await running
    },
  }
}
