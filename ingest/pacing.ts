/**
 * Holds up who sends while counting or archiving is behind, so that an overload is felt as slower answers by those who
 * make it, and not as budgets that are late. Bounded: an event is taken after a wait all the same, as durable as ever.
 * Nothing waits for a reader that fails: that is an outage, and the journal is there for it.
 */
import { setMaxListeners } from 'node:events'
import { lagMarks } from './lag-marks.ts'
import { pause } from './pause.ts'

export interface ReaderPosition {
  /** One past the last event that it has passed; null until it has said. */
  readonly nextOffset: number | null
  readonly lastError: string | null
}

export interface PacingDeps {
  readonly endOffset: () => number
  readonly ledger: () => ReaderPosition
  readonly archive: () => ReaderPosition
  /** Milliseconds of a clock that is never set. */
  readonly elapsedMs: () => number
}

export interface Pacing {
  /** Resolves at once while readers keep up, and within WAIT_MS_MAX otherwise, with about how long it was. */
  wait(): Promise<number>
  /** How far a reader is behind: the age of the oldest event that it has not passed. */
  lagMs(reader: ReaderPosition): number
  stop(): void
}

/** What a budget's stop may be late by, with room for what follows the count. */
export const LEDGER_LAG_MS_MAX = 400
export const ARCHIVE_LAG_MS_MAX = 2_500
export const WAIT_MS_MAX = 250
const LOOK_EVERY_MS = 25

export function buildPacing(deps: PacingDeps): Pacing {
  const { endOffset, ledger, archive, elapsedMs } = deps
  const stopping = new AbortController()
  // Every request that is held up listens to it; the platform takes more than ten for a leak, and warns.
  setMaxListeners(0, stopping.signal)
  const marks = lagMarks()
  let isBehind = false

  const isLate = ({ nextOffset, lastError }: ReaderPosition, lagMsMax: number): boolean =>
    nextOffset !== null && lastError === null && marks.ageMs(nextOffset, elapsedMs()) > lagMsMax

  const looking = setInterval(() => {
    marks.note(endOffset(), elapsedMs())
    marks.forgetBelow(Math.min(ledger().nextOffset ?? 0, archive().nextOffset ?? 0))
    isBehind = isLate(ledger(), LEDGER_LAG_MS_MAX) || isLate(archive(), ARCHIVE_LAG_MS_MAX)
  }, LOOK_EVERY_MS)

  return {
    wait: async () => {
      let waitedMs = 0
      for (; isBehind && waitedMs < WAIT_MS_MAX; waitedMs += LOOK_EVERY_MS) {
        await pause(LOOK_EVERY_MS, stopping.signal)
      }
      return waitedMs
    },
    // A reader that has not said yet is behind by all that is there.
    lagMs: ({ nextOffset }) => marks.ageMs(nextOffset ?? 0, elapsedMs()),
    stop: () => {
      stopping.abort()
      clearInterval(looking)
      isBehind = false
    },
  }
}
