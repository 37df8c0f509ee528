/**
 * API keys: `lens_` + 8 characters that name the key + `_` + a secret of 256 random bits in base64url.
 * Invariant: the secret is shown once and stored only as a hash.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto'

/**
 * `read` and `manage` are of the key's project; `organisation` beside them widens both to every project and to what
 * is of no project alone.
 */
export const API_KEY_SCOPES = ['ingest', 'verdicts', 'holds', 'read', 'manage', 'organisation'] as const
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number]

export interface MintedApiKey {
  /** The whole key, to be shown once and never stored. */
  readonly text: string
  /** `lens_k3v9x2mq`: what lists and logs show. */
  readonly prefix: string
  readonly hash: string
}

/** Without the letters and digits that people mix up (0 o, 1 l i, u v). */
const READABLE = '23456789abcdefghjkmnpqrstvwxyz'
const READABLE_CHARS = 8
const SECRET_BYTES = 32
const SHAPE = new RegExp(`^(lens_[${READABLE}]{${READABLE_CHARS}})_[A-Za-z0-9_-]{43}$`)

export function mintApiKey(): MintedApiKey {
  const name = Array.from({ length: READABLE_CHARS }, () => READABLE.charAt(randomInt(READABLE.length))).join(
    '',
  )
  const prefix = `lens_${name}`
  const text = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`
  return { text, prefix, hash: hashApiKey(text) }
}

/**
 * SHA-256 as 64 hex digits. One round and no salt are enough: the secret has 256 random bits, so there is nothing to
 * guess, and the hash can be looked up by index on every call.
 */
export const hashApiKey = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** The prefix of a text that has the shape of a key, else null: a wrong header costs no query. */
export function parseApiKey(text: string): { readonly prefix: string } | null {
  const prefix = SHAPE.exec(text)?.[1]
  return prefix === undefined ? null : { prefix }
}
