/**
 * Hears which projects' verdicts may have changed, from Postgres.
 * Invariant: a connection that was lost, or never there, is asked for again, and everything counts as changed then.
 */
import type { Postgres } from '../../db/postgres/open.ts'
import { VERDICT_CHANNEL } from '../../db/postgres/signals.ts'
import { failureStreak } from '../failure-streak.ts'
import type { Log } from '../log.ts'
import { pause } from '../pause.ts'

interface Listening {
  readonly postgres: Pick<Postgres, 'listen'>
  readonly log: Log
  /** The id of a project, or of an organisation. */
  readonly hear: (id: string) => void
  /** Something may have been missed up to now. */
  readonly onListening: () => void
}

/** Listens until the signal; once it has connected, the driver connects again by itself. */
export async function listenUntil(
  signal: AbortSignal,
  { postgres, log, hear, onListening }: Listening,
): Promise<void> {
  const streak = failureStreak('listen for verdicts in Postgres', log)
  const untilAborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  while (!signal.aborted) {
    const listening = postgres.listen(VERDICT_CHANNEL, hear, onListening)
    try {
      const unlisten = await Promise.race([listening, untilAborted])
      if (unlisten) streak.recovered()
      await untilAborted
      // Without a connection there is nothing to end; closing the pool ends the rest.
      if (unlisten)
        await Promise.race([unlisten().catch(() => undefined), pause(500, new AbortController().signal)])
    } catch (error) {
      await pause(streak.failed(error), signal)
    }
    // Whoever won the race, the other's refusal is heard by someone.
    listening.catch(() => undefined)
  }
}
