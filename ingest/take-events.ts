/**
 * The one way from parsed events, whatever they came by, to the journal: redact, price, mark, append.
 * Invariant: events are taken once they are on disk, all of a call or none, and without what the project's policy
 * keeps out of every store.
 */
import type { CostSource, PricedEvent } from '../core/event/usage-event.ts'
import { addCounts, type RedactionCounts, type RedactionKind } from '../core/redact/kinds.ts'
import { unreachable } from '../core/unreachable.ts'
import { Refusal } from './errors.ts'
import type { Journal } from './journal/journal.ts'
import { JournalError } from './journal/journal-error.ts'
import { type Meter, NO_METER, type TakenBatch } from './metrics/meter.ts'
import { type EventsOfCall, priceEvents } from './price-events.ts'

export interface TakeEventsDeps {
  readonly journal: Pick<Journal, 'append'>
  /** The journal takes nothing more until the process starts anew. */
  readonly onJournalBroken: (error: JournalError) => void
  /** Holds the call up while what was taken before is counted late; not when nothing does. */
  readonly pace?: () => Promise<number>
  readonly meter?: Meter
}

export type Taken =
  | { readonly kind: 'taken'; readonly redacted: RedactionCounts }
  /** No room in memory or on disk: nothing was taken, the same events may be sent again. */
  | { readonly kind: 'full' }
  /** The process is ending: nothing was taken. */
  | { readonly kind: 'unavailable' }

export async function takeEvents(deps: TakeEventsDeps, call: EventsOfCall): Promise<Taken> {
  const { meter = NO_METER } = deps
  const heldUpMs = (await deps.pace?.()) ?? 0
  if (heldUpMs > 0) meter.paced(heldUpMs / 1_000)
  const redactions = new Map<RedactionKind, number>()
  const priced = priceEvents(call, (counts) => addCounts(redactions, counts))
  try {
    const appended = await deps.journal.append(priced)
    if (appended.kind === 'full') return { kind: 'full' }
    const redacted: RedactionCounts = Object.fromEntries(redactions)
    meter.taken({ ...batchOf(priced), redacted })
    return { kind: 'taken', redacted }
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    if (error.code === 'journal_closed') return { kind: 'unavailable' }
    if (error.code !== 'journal_broken') throw error
    deps.onJournalBroken(error)
    return { kind: 'unavailable' }
  }
}

function batchOf(events: readonly PricedEvent[]): Omit<TakenBatch, 'redacted'> {
  const byCostSource = new Map<CostSource, number>()
  for (const { costSource } of events) byCostSource.set(costSource, (byCostSource.get(costSource) ?? 0) + 1)
  return { source: events[0]?.source ?? 'sdk', events: events.length, byCostSource }
}

/** What was taken out of the events; throws the refusal that a caller is told when they were not taken. */
export function redactedOrRefused(taken: Taken): RedactionCounts {
  switch (taken.kind) {
    case 'taken':
      return taken.redacted
    case 'full':
      throw new Refusal('journal_full')
    case 'unavailable':
      throw new Refusal('unavailable')
    default:
      return unreachable(taken)
  }
}
