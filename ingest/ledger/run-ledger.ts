/**
 * Leads the journal into the ledger: reads what is new, counts it in one transaction, goes on.
 * Invariant: the position is the one that Postgres holds, saved with what was counted; a crash or a replay anywhere
 * changes no total.
 */

import { readHead } from '../../db/event-rows/row-head.ts'
import { nextOffsetOf } from '../../db/postgres/journal-readers.ts'
import { countBatch } from '../../db/postgres/ledger.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { type FailureStreak, failureStreak } from '../failure-streak.ts'
import type { Journal } from '../journal/journal.ts'
import { JournalError } from '../journal/journal-error.ts'
import { type Log, reasonOf } from '../log.ts'
import { pause } from '../pause.ts'
import { type PreparedBatch, prepareBatch } from './prepare-batch.ts'

export interface LedgerDeps {
  readonly journal: Pick<Journal, 'journalId' | 'read' | 'endOffset' | 'waitForMore'>
  readonly postgres: Postgres
  readonly now: () => Date
  readonly log: Log
  /** What is appended from now on would never be counted: the journal must be opened anew, above its readers. */
  readonly onBehind: (error: JournalError) => void
}

export interface LedgerOptions {
  /** After a commit that leaves nothing waiting, so that commits batch. */
  readonly gapMs?: number
  readonly eventsMax?: number
}

export interface LedgerStatus {
  /** One past the last counted event; null until Postgres has said. */
  readonly nextOffset: number | null
  readonly lagEvents: number
  readonly lastError: string | null
  readonly totals: LedgerTotals
}

/** Since it began: what counted, what had been counted before, and what never can be. */
export interface LedgerTotals {
  readonly admitted: number
  readonly repeated: number
  readonly leftOut: number
}

export interface RunningLedger {
  status(): LedgerStatus
  /** Resolves once the running transaction has ended. */
  stop(): Promise<void>
}

const GAP_MS = 100
const EVENTS_MAX = 10_000
/** With nothing to do it looks this often whether someone else has moved the position. */
const IDLE_MS = 30_000

export function runLedger(deps: LedgerDeps, options: LedgerOptions = {}): RunningLedger {
  const { gapMs = GAP_MS, eventsMax = EVENTS_MAX } = options
  const { journal, log } = deps
  const streak = failureStreak('count events in Postgres', log)
  const stopping = new AbortController()
  const totals = { admitted: 0, repeated: 0, leftOut: 0 }
  const at: Position = { nextOffset: null, eventsMax, prepared: null, totals }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waitMs = await countNext(deps, at, stopping.signal).then(
        (isMoreWaiting) => {
          streak.recovered()
          at.eventsMax = Math.min(eventsMax, at.eventsMax * 2)
          return isMoreWaiting ? 0 : gapMs
        },
        (error: unknown) => onFailure(deps, at, streak, error),
      )
      await pause(waitMs, stopping.signal)
    }
  }

  const ended = loop()
  return {
    status: () => ({
      nextOffset: at.nextOffset,
      lagEvents: journal.endOffset() - (at.nextOffset ?? 0),
      lastError: streak.lastError(),
      totals: { ...totals },
    }),
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

interface Position {
  nextOffset: number | null
  /** How many to take next: fewer while an event is looked for that Postgres cannot hold. */
  eventsMax: number
  /** The batch after the one that Postgres counts. */
  prepared: Promise<PreparedBatch | null> | null
  readonly totals: { admitted: number; repeated: number; leftOut: number }
}

/** True when the batch was as large as one may be, so that there is more at once. */
async function countNext(
  { journal, postgres, now, onBehind }: LedgerDeps,
  at: Position,
  signal: AbortSignal,
): Promise<boolean> {
  at.nextOffset ??= await nextOffsetOf(postgres.tables, journal.journalId, 'ledger')
  const fromOffset = at.nextOffset
  if (journal.endOffset() < fromOffset) {
    const error = behind(journal.endOffset(), fromOffset)
    onBehind(error)
    throw error
  }
  await journal.waitForMore(fromOffset, { timeoutMs: IDLE_MS, signal })
  if (signal.aborted || journal.endOffset() <= fromOffset) return false
  const early = await at.prepared
  at.prepared = null
  const batch =
    early?.fromOffset === fromOffset && early.events.length <= at.eventsMax
      ? early
      : await prepareBatch(journal, fromOffset, at.eventsMax)
  const { nextOffset, endOffset } = batch
  const counting = countBatch(postgres, batch, now())
  // Read and hashed while Postgres works; what fails is tried again, and told, when its turn has come.
  if (nextOffset < endOffset) {
    at.prepared = prepareBatch(journal, nextOffset, at.eventsMax).catch(() => null)
  }
  const outcome = await counting
  if (outcome.kind === 'counted') {
    at.totals.admitted += outcome.admitted
    at.totals.repeated += outcome.notAdmitted.length
  }
  at.nextOffset = outcome.kind === 'moved' ? outcome.nextOffset : nextOffset
  return nextOffset < endOffset
}

/** The folder is an older copy, and Postgres could not be asked when it was opened. */
const behind = (endOffset: number, counted: number): JournalError =>
  new JournalError(
    'journal_offset_ahead',
    `the journal ends at offset ${endOffset}, but was counted up to ${counted}: its folder is an older copy; start ingest again while Postgres answers`,
  )

/**
 * An event that Postgres can never hold (SQLSTATE class 22, such as a sum past 64 bits) must not hold up every other:
 * it is searched by halving, then left out and named in the log. Everything else is tried again as it is.
 */
async function onFailure(
  deps: LedgerDeps,
  at: Position,
  streak: FailureStreak,
  error: unknown,
): Promise<number> {
  const waitMs = streak.failed(error)
  if (!/^22/.test(reasonOf(error).code ?? '') || at.nextOffset === null) return waitMs
  if (at.eventsMax > 1) {
    at.eventsMax = Math.ceil(at.eventsMax / 2)
    return 0
  }
  return await leaveOut(deps, at, at.nextOffset).then(
    () => 0,
    (failure: unknown) => streak.failed(failure),
  )
}

async function leaveOut(
  { journal, postgres, now, log }: LedgerDeps,
  at: Position,
  fromOffset: number,
): Promise<void> {
  const [only] = await journal.read(fromOffset, { eventsMax: 1, bytesMax: 1 })
  if (!only) return
  const nextOffset = only.offset + 1
  const { journalId } = journal
  const leftOut = [only.offset]
  const outcome = await countBatch(
    postgres,
    { journalId, fromOffset, nextOffset, events: [], leftOut },
    now(),
  )
  at.nextOffset = outcome.kind === 'moved' ? outcome.nextOffset : nextOffset
  if (outcome.kind === 'counted') at.totals.leftOut += 1
  const { projectId, requestId, attempt } = readHead(only.row)
  log.error(
    { journalId, offset: only.offset, projectId, requestId, attempt },
    'an accepted event was left out: Postgres cannot hold its amount',
  )
}
