/**
 * The one way from parsed events, whatever they came by, to the journal: redact, price, mark, append.
 * Invariant: events are taken once they are on disk, all of a call or none, and without what the project's policy
 * keeps out of every store.
 */
import type { RedactionCounts } from '../core/redact/kinds.ts'
import { Refusal } from './errors.ts'
import type { Journal } from './journal/journal.ts'
import { JournalError } from './journal/journal-error.ts'
import { type EventsOfCall, priceEvents } from './price-events.ts'

export interface TakeEventsDeps {
  readonly journal: Pick<Journal, 'append'>
  /** The journal takes nothing more until the process starts anew. */
  readonly onJournalBroken: (error: JournalError) => void
  /** Holds the call up while what was taken before is counted late; not when nothing does. */
  readonly pace?: () => Promise<void>
  /** Told what was taken out of an event, when something was. */
  readonly onRedacted?: (counts: RedactionCounts) => void
}

export type Taken =
  | { readonly kind: 'taken' }
  /** No room in memory or on disk: nothing was taken, the same events may be sent again. */
  | { readonly kind: 'full' }
  /** The process is ending: nothing was taken. */
  | { readonly kind: 'unavailable' }

export async function takeEvents(deps: TakeEventsDeps, call: EventsOfCall): Promise<Taken> {
  await deps.pace?.()
  const priced = priceEvents(call, deps.onRedacted)
  try {
    const appended = await deps.journal.append(priced)
    return appended.kind === 'full' ? { kind: 'full' } : { kind: 'taken' }
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    if (error.code === 'journal_closed') return { kind: 'unavailable' }
    if (error.code !== 'journal_broken') throw error
    deps.onJournalBroken(error)
    return { kind: 'unavailable' }
  }
}

/** Throws the refusal that a caller is told when its events were not taken. */
export function refuseUntaken(taken: Taken): void {
  if (taken.kind === 'full') throw new Refusal('journal_full')
  if (taken.kind === 'unavailable') throw new Refusal('unavailable')
}
