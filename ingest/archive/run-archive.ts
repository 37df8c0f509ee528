/**
 * Repeats the archiving for as long as the process lives, about once a second, at once while it is behind, and gives
 * the journal back what every reader has passed. An archive that fails delays nothing but itself.
 */
import { nextOffsetOf } from '../../db/postgres/journal-readers.ts'
import { failureStreak } from '../failure-streak.ts'
import { pause } from '../pause.ts'
import { type ArchiveDeps, archiveNext } from './archive-next.ts'

export interface ArchiveOptions {
  readonly cadenceMs?: number
  readonly eventsMax?: number
}

export interface ArchiveStatus {
  /** One past the last archived event; null until Postgres has said. */
  readonly nextOffset: number | null
  readonly lagEvents: number
  readonly lastError: string | null
  /** Since it began: events in both stores, and counted events that the journal no longer had. */
  readonly totals: { readonly archived: number; readonly missing: number }
}

export interface RunningArchive {
  status(): ArchiveStatus
  /** Resolves once the range in work is written, or has failed. */
  stop(): Promise<void>
}

const CADENCE_MS = 1_000
/** In memory three times while a file is made: as rows, as what is sent, as the file. */
const EVENTS_MAX = 25_000

/** `counted` is how far the ledger has come, so that an idle archive asks Postgres nothing. */
export function runArchive(
  deps: ArchiveDeps & { readonly counted: () => number | null },
  { cadenceMs = CADENCE_MS, eventsMax = EVENTS_MAX }: ArchiveOptions = {},
): RunningArchive {
  const { journal, postgres, log, counted } = deps
  const streak = failureStreak('archive events', log)
  const stopping = new AbortController()
  let nextOffset: number | null = null
  const totals = { archived: 0, missing: 0 }

  /** True when there may be more at once. */
  async function step(): Promise<boolean> {
    if (nextOffset === null) {
      nextOffset = await nextOffsetOf(postgres.tables, journal.journalId, 'archive')
      await journal.releaseBefore(nextOffset)
    }
    if ((counted() ?? 0) <= nextOffset) return false
    const plan = await archiveNext(deps, eventsMax)
    if (plan === null) return false
    nextOffset = plan.nextOffset
    totals.archived += plan.archived
    totals.missing += plan.missing
    // The archive reads only what the ledger has counted, so it is the last of the readers.
    await journal.releaseBefore(nextOffset)
    // A range ends where a batch of the ledger ends, so a full one is seldom of `eventsMax`.
    return (counted() ?? 0) - nextOffset > eventsMax / 2
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waitMs = await step().then(
        (more) => {
          streak.recovered()
          return more ? 0 : cadenceMs
        },
        (error: unknown) => streak.failed(error),
      )
      await pause(waitMs, stopping.signal)
    }
  }

  const ended = loop()
  return {
    status: () => ({
      nextOffset,
      lagEvents: journal.endOffset() - (nextOffset ?? 0),
      lastError: streak.lastError(),
      totals: { ...totals },
    }),
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}
