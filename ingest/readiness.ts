/** Whether events can be taken and counted: the journal takes them, Postgres counts them; the archive may wait. */
import type { Postgres } from '../db/postgres/open.ts'
import type { ArchiveStatus } from './archive/run-archive.ts'
import type { Journal } from './journal/journal.ts'
import type { LedgerStatus } from './ledger/run-ledger.ts'
import type { Pacing, ReaderPosition } from './pacing.ts'
import { pause } from './pause.ts'
import type { Readiness } from './routes/health.ts'

export interface ReadinessDeps {
  readonly postgres: Pick<Postgres, 'ping'>
  readonly journal: Pick<Journal, 'stats' | 'endOffset'>
  readonly ledger: () => LedgerStatus
  readonly archive: () => ArchiveStatus
  readonly pacing: Pick<Pacing, 'lagMs'>
  readonly isJournalBroken: () => boolean
  readonly journalBytesMax: number
}

const PING_MS_MAX = 2_000

/** Callers that ask at the same time share one answer. */
export function buildReadiness(deps: ReadinessDeps): () => Promise<Readiness> {
  let running: Promise<Readiness> | null = null
  return () => {
    running ??= check(deps).finally(() => {
      running = null
    })
    return running
  }
}

async function check(deps: ReadinessDeps): Promise<Readiness> {
  const missing: string[] = []
  if (!(await answers(deps.postgres))) missing.push('postgres')
  const { bytesHeld } = deps.journal.stats()
  if (deps.isJournalBroken() || bytesHeld >= deps.journalBytesMax) missing.push('journal')
  const progressOf = (reader: ReaderPosition & { readonly lagEvents: number }) => ({
    lag_events: reader.lagEvents,
    lag_seconds: Number((deps.pacing.lagMs(reader) / 1_000).toFixed(3)),
    // Reasons stay in the log: they may name hosts.
    failing: reader.lastError !== null,
  })
  return {
    missing,
    progress: {
      journal: { end_offset: deps.journal.endOffset(), bytes_held: bytesHeld },
      ledger: progressOf(deps.ledger()),
      archive: progressOf(deps.archive()),
    },
  }
}

async function answers(postgres: Pick<Postgres, 'ping'>): Promise<boolean> {
  const done = new AbortController()
  const late = pause(PING_MS_MAX, done.signal).then(() => false)
  const ping = postgres.ping().then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([ping, late])
  } finally {
    done.abort()
  }
}
