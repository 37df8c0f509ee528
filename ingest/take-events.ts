/**
 * The one way from parsed events, whatever they came by, to the journal: redact, price, mark, append.
 * Invariant: events are taken once they are on disk, all of a call or none, and without what the project's policy
 * keeps out of every store.
 */
import { withPrice } from '../core/event/copy-event.ts'
import type { PricedEvent, UsageEvent } from '../core/event/usage-event.ts'
import { priceEvent } from '../core/pricing/price-event.ts'
import type { RedactionCounts } from '../core/redact/kinds.ts'
import { redactEvent } from '../core/redact/redact-event.ts'
import { Refusal } from './errors.ts'
import type { Journal } from './journal/journal.ts'
import { JournalError } from './journal/journal-error.ts'
import type { KnownApiKey } from './keys/known-keys.ts'

export interface TakeEventsDeps {
  readonly journal: Pick<Journal, 'append'>
  /** The journal takes nothing more until the process starts anew. */
  readonly onJournalBroken: (error: JournalError) => void
  /** Told what was taken out of an event, when something was. */
  readonly onRedacted?: (counts: RedactionCounts) => void
}

export type Taken =
  | { readonly kind: 'taken' }
  /** No room in memory or on disk: nothing was taken, the same events may be sent again. */
  | { readonly kind: 'full' }
  /** The process is ending: nothing was taken. */
  | { readonly kind: 'unavailable' }

export interface EventsOfCall {
  readonly key: KnownApiKey
  readonly events: readonly UsageEvent[]
  readonly receivedAt: Date
}

export async function takeEvents(deps: TakeEventsDeps, call: EventsOfCall): Promise<Taken> {
  const priced = call.events.map((event) => toPriced(deps, event, call))
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

function toPriced(
  { onRedacted }: TakeEventsDeps,
  given: UsageEvent,
  { key, receivedAt }: EventsOfCall,
): PricedEvent {
  const { redaction, redactionKey, prices } = key.rules
  const { event, redactions } = redactEvent(given, redaction, redactionKey)
  if (event !== given) onRedacted?.(redactions)
  const rates = prices.ratesAt(event.provider, event.model, event.ts, event.serviceTier)
  const { cost, costSource, priceVersion } = priceEvent(event, rates)
  return withPrice(event, {
    orgId: key.orgId,
    projectId: key.projectId,
    apiKeyId: key.id,
    cost,
    costSource,
    priceVersion,
    sampled: isSampled(),
    receivedAt,
  })
}

/** Every event, until plans exist that keep only a part of the raw ones; spend counts all of them either way. */
const isSampled = (): boolean => true
