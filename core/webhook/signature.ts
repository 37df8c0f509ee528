/**
 * How a receiver knows that it is us: the symmetric scheme of the Standard Webhooks specification.
 * `webhook-signature` is `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; while a secret is being rotated there
 * is one for each, with a space between, and either will do.
 */
import { createHmac, randomBytes } from 'node:crypto'

const SECRET_PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** A new secret in the form in which receivers' libraries take it. */
export const mintWebhookSecret = (): string =>
  `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

export interface SignedMessage {
  readonly id: string
  /** Exactly the bytes that are sent, as UTF-8. */
  readonly body: string
}

/** The three headers. `at` is the time of the attempt, not of what it tells, so that an old one cannot be played back. */
export function signatureHeaders(
  { id, body }: SignedMessage,
  secrets: readonly string[],
  at: Date,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signed = `${id}.${timestamp}.${body}`
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', keyOf(secret)).update(signed, 'utf8').digest('base64')}`,
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')

/** The current secret and, while a rotation overlaps, the one before. */
export interface SecretsInForce<S> {
  readonly current: S
  readonly previous: { readonly secret: S; readonly until: Date } | null
}

/** Those that sign at `at`, the current one first. */
export const secretsAt = <S>({ current, previous }: SecretsInForce<S>, at: Date): readonly S[] =>
  previous !== null && at < previous.until ? [current, previous.secret] : [current]

/** Both secrets sign for so long at most. */
export const SECRET_OVERLAP_MS_MAX = 7 * 24 * 60 * 60 * 1000
