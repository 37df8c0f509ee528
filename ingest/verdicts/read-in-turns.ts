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
  /** Why the last turn failed; null when it did not. */
  lastError(): string | null
  /** Ends with the turn that is under way. */
  close(): Promise<void>
}

export interface TurnsOptions {
  readonly read: (ids: readonly string[]) => Promise<void>
  /** At least this long from one turn to the next: bursts become one turn. */
  readonly gapMs: number
  /** Ends the sentence "cannot ..." in the log. */
  readonly deed: string
  readonly log: Log
}

const IDS_AT_ONCE = 500

export function readInTurns({ read, gapMs, deed, log }: TurnsOptions): Turns {
  const asked = new Set<string>()
  const closing = new AbortController()
  const streak = failureStreak(deed, log)
  let wake: () => void = () => undefined

  async function turn(): Promise<void> {
    const ids = [...asked].slice(0, IDS_AT_ONCE)
    for (const id of ids) asked.delete(id)
    try {
      await read(ids)
    } catch (error) {
      for (const id of ids) asked.add(id)
      throw error
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
      const waitMs = await turn().then(
        () => {
          streak.recovered()
          return gapMs
        },
        (error: unknown) => streak.failed(error),
      )
      await pause(waitMs, closing.signal)
    }
  }

  const running = turns()
  return {
    ask(id) {
      asked.add(id)
      wake()
    },
    lastError: () => streak.lastError(),
    async close() {
      closing.abort()
      wake()
      await running
    },
  }
}
