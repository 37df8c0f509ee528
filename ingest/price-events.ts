/**
 * What is done to events before they are stored: what the project's policy keeps out of every store is taken out, the
 * call is priced, and it is said whose it is, as the key says.
 */
import { withPrice } from '../core/event/copy-event.ts'
import type { PricedEvent, UsageEvent } from '../core/event/usage-event.ts'
import { priceEvent } from '../core/pricing/price-event.ts'
import type { RedactionCounts } from '../core/redact/kinds.ts'
import { redactEvent } from '../core/redact/redact-event.ts'
import type { KnownApiKey } from './keys/known-keys.ts'

export interface EventsOfCall {
  readonly key: KnownApiKey
  readonly events: readonly UsageEvent[]
  readonly receivedAt: Date
}

/** `onRedacted` is told what was taken out of an event, when something was. */
export function priceEvents(
  { key, events, receivedAt }: EventsOfCall,
  onRedacted: (counts: RedactionCounts) => void = () => undefined,
): PricedEvent[] {
  const { id: apiKeyId, orgId, projectId } = key
  const { redaction, redactionKey, prices } = key.rules
  return events.map((given) => {
    const { event, redactions } = redactEvent(given, redaction, redactionKey)
    if (event !== given) onRedacted(redactions)
    const rates = prices.ratesAt(event.provider, event.model, event.ts, event.serviceTier)
    const { cost, costSource, priceVersion } = priceEvent(event, rates)
    const sampled = isSampled()
    const facts = { orgId, projectId, apiKeyId, cost, costSource, priceVersion, sampled, receivedAt }
    return withPrice(event, facts)
  })
}

/** Every event, until plans exist that keep only a part of the raw ones; spend counts all of them either way. */
const isSampled = (): boolean => true
