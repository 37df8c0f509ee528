/**
 * An event without what is personal or secret, as it may be stored, by its project's policy.
 * Invariant: the same object when nothing was found; redacting twice is redacting once; nothing outgrows its limit.
 *
 * What identifies a call or prices it is never altered: attempt, provider, model, service tier, response, trace and
 * span ids. Only a request id that holds an email address, a key or a JWT becomes a hash, whatever the policy says:
 * identity must not change with a policy between a call and its resend.
 */
import type { UsageEvent } from '../event/usage-event.ts'
import { findPersonal } from './find-personal.ts'
import type { RedactionCounts, RedactionKind } from './kinds.ts'
import { NO_NAME } from './name-facts.ts'
import { nameRulesOf } from './name-rules.ts'
import type { RedactionPolicy } from './policy.ts'
import { redactJson } from './redact-json.ts'
import { redactTags } from './redact-tags.ts'
import { redactField, redactId, redactText, type TextBounds } from './redact-text.ts'
import { redactUsage } from './redact-usage.ts'
import { count, countsOf, hashOf, markOf, type Redaction } from './redaction.ts'

export interface RedactedEvent {
  readonly event: UsageEvent
  readonly redactions: RedactionCounts
}

/** The limits of docs/api.md. */
const NAME: TextBounds = { charsMax: 256 }
const ENVIRONMENT: TextBounds = { charsMax: 64 }
const METADATA = { bytesMax: 8 * 1024 }

const NOTHING: RedactionCounts = {}

/** `hmacKey` is the project's own and must outlast the horizon within which a call may be resent. */
export function redactEvent(event: UsageEvent, policy: RedactionPolicy, hmacKey: Uint8Array): RedactedEvent {
  const counts = new Map<RedactionKind, number>()
  const redaction: Redaction = { policy, rules: nameRulesOf(policy), hmacKey, counts, strength: 'as asked' }
  const changed = {
    requestId: redactRequestId(event.requestId, redaction),
    userId: ofField('user_id', event.userId, redaction, redactId),
    sessionId: ofField('session_id', event.sessionId, redaction, redactId),
    route: ofField('route', event.route, redaction, redactText),
    environment: redactEnvironment(event.environment, redaction),
    tags: redactTags(event.tags, redaction),
    metadata: redactJson(event.metadata, redaction, METADATA),
    rawUsage: event.rawUsage === null ? null : redactUsage(event.rawUsage, redaction),
  }
  // Nothing changes that is not counted.
  if (redaction.counts.size === 0) return { event, redactions: NOTHING }
  return { event: { ...event, ...changed }, redactions: countsOf(redaction.counts) }
}

function redactRequestId(requestId: string, redaction: Redaction): string {
  const found = findPersonal(requestId, NO_NAME).find(
    ({ kind }) => kind === 'email' || kind === 'api_key' || kind === 'jwt',
  )
  if (found === undefined) return requestId
  count(redaction, found.kind)
  return hashOf(found.kind, requestId, redaction)
}

function ofField(
  name: string,
  value: string | null,
  redaction: Redaction,
  redact: (text: string, redaction: Redaction, bounds: TextBounds) => string | null,
): string | null {
  if (value === null) return null
  const action = redaction.policy.fields.get(name)
  return action === undefined ? redact(value, redaction, NAME) : redactField(value, action, redaction)
}

/** An event has an environment, so where the policy drops it a mark stays. */
function redactEnvironment(environment: string, redaction: Redaction): string {
  const action = redaction.policy.fields.get('environment')
  if (action !== undefined) return redactField(environment, action, redaction) ?? markOf('field')
  return redactText(environment, redaction, ENVIRONMENT) ?? REMOVED
}

const REMOVED = 'removed'
