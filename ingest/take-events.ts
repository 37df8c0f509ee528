/**
 * From the body of a call to the journal: parse, price, mark, append.
 * Invariant: an event is accepted once it is on disk, and of a batch that the journal cannot take nothing is kept.
 */
import { parseBatch, type RejectedEvent } from '../core/event/parse-batch.ts'
import type { EventOwner, PricedEvent, UsageEvent } from '../core/event/usage-event.ts'
import { priceEvent } from '../core/pricing/price-event.ts'
import type { PriceBook } from '../core/pricing/rates.ts'
import type { Journal } from './journal/journal.ts'

export interface TakeEventsDeps {
  readonly journal: Pick<Journal, 'append'>
  readonly prices: PriceBook
  readonly now: () => Date
}

export type Taken =
  | { readonly kind: 'taken'; readonly accepted: number; readonly rejected: readonly RejectedEvent[] }
  | { readonly kind: 'not_batch'; readonly reason: string }
  | { readonly kind: 'full' }

export async function takeEvents(deps: TakeEventsDeps, owner: EventOwner, body: unknown): Promise<Taken> {
  const receivedAt = deps.now()
  const batch = parseBatch(body, { receivedAt })
  if (batch.kind === 'refused') return { kind: 'not_batch', reason: batch.reason }
  const events = batch.events.map(({ event }) => toPriced(event, owner, deps.prices, receivedAt))
  const appended = await deps.journal.append(events)
  if (appended.kind === 'full') return { kind: 'full' }
  return { kind: 'taken', accepted: events.length, rejected: batch.rejected }
}

function toPriced(event: UsageEvent, owner: EventOwner, prices: PriceBook, receivedAt: Date): PricedEvent {
  const cost = priceEvent(event, prices.ratesAt(event.provider, event.model, event.ts))
  return { ...event, ...owner, ...cost, sampled: isSampled(), receivedAt }
}

/** Every event, until plans exist that keep only a part of the raw ones; spend counts all of them either way. */
const isSampled = (): boolean => true
