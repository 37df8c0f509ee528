/**
 * What makes two reports one call, as 128 bits of a SHA-256 in hex: short enough to index tens of thousands a second,
 * long enough that no two calls of a customer ever share one (about 1 in 10^19 for ten billion calls).
 * The parts are told apart by a line break, which no text of an event can hold.
 */
import { hash } from 'node:crypto'
import type { EventOwner, UsageEvent } from './usage-event.ts'

type Of = Pick<EventOwner, 'projectId'>

/** One call of a project: the same on every resend. */
export const identityOf = ({
  projectId,
  requestId,
  attempt,
}: Of & Pick<UsageEvent, 'requestId' | 'attempt'>): string => short(`${projectId}\n${requestId}\n${attempt}`)

/**
 * What an SDK, OpenTelemetry and a gateway that report the same call have in common: the response id of the provider.
 * Null when there is none.
 */
export const claimOf = ({
  projectId,
  providerResponseId,
}: Of & Pick<UsageEvent, 'providerResponseId'>): string | null =>
  providerResponseId === null ? null : short(`${projectId}\n${providerResponseId}`)

/** What admits an event: worked out once, as hashing is much of what counting an event costs. */
export interface CallKeys {
  readonly identity: string
  readonly claim: string | null
}

export const keysOf = (
  event: Of & Pick<UsageEvent, 'requestId' | 'attempt' | 'providerResponseId'>,
): CallKeys => ({ identity: identityOf(event), claim: claimOf(event) })

const HEX_DIGITS = 32
const short = (text: string): string => hash('sha256', text, 'hex').slice(0, HEX_DIGITS)
