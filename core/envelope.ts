/**
 * Secrets that must be read back (Slack tokens, webhook secrets), sealed with AES-256-GCM.
 * Invariant: an envelope names its key, so a new key seals from now on and old envelopes still open: rotating is no
 * migration. The purpose is authenticated: an envelope moved to another row or use does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** As it is stored; nonce and ciphertext are base64, the ciphertext ends in its 16 bytes of authentication. */
export interface Envelope {
  readonly keyId: string
  readonly nonce: string
  readonly ciphertext: string
}

export interface Keyring {
  /** The id of the key that seals. */
  readonly currentKeyId: string
  readonly keys: ReadonlyMap<string, Uint8Array>
}

export interface Secret {
  readonly plaintext: string
  /** What the secret is and whose, such as `slack_bot_token:ins_01J...`. */
  readonly purpose: string
}

export type EnvelopeErrorCode = 'keyring_malformed' | 'envelope_key_unknown' | 'envelope_not_authentic'
export type EnvelopeError = Error & { readonly code: EnvelopeErrorCode }

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Reads `k2:BASE64,k1:BASE64`; the first is current. Throws `keyring_malformed`, without any of the key material. */
export function parseKeyring(text: string): Keyring {
  const keys = new Map<string, Uint8Array>()
  const entries = text.split(',').map((entry) => entry.trim())
  for (const [index, entry] of entries.entries()) {
    const match = /^([A-Za-z0-9._-]{1,32}):([A-Za-z0-9+/]+={0,2})$/.exec(entry)
    const [id, base64] = [match?.[1], match?.[2]]
    if (id === undefined || base64 === undefined) {
      throw envelopeError('keyring_malformed', `entry ${index + 1} of the keyring is not ID:BASE64`)
    }
    const key = Buffer.from(base64, 'base64')
    if (key.length !== KEY_BYTES) {
      throw envelopeError('keyring_malformed', `key ${id} has ${key.length} bytes; it must have ${KEY_BYTES}`)
    }
    if (keys.has(id)) throw envelopeError('keyring_malformed', `key ${id} stands twice in the keyring`)
    keys.set(id, key)
  }
  const [currentKeyId] = keys.keys()
  if (currentKeyId === undefined) throw envelopeError('keyring_malformed', 'the keyring is empty')
  return { currentKeyId, keys }
}

/** Seals with the current key and a fresh random nonce. */
export function seal({ plaintext, purpose }: Secret, keyring: Keyring): Envelope {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(keyring, keyring.currentKeyId), nonce)
  cipher.setAAD(Buffer.from(purpose, 'utf8'))
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return {
    keyId: keyring.currentKeyId,
    nonce: nonce.toString('base64'),
    ciphertext: sealed.toString('base64'),
  }
}

/** The plaintext. Throws `envelope_key_unknown`, or `envelope_not_authentic` when anything in it or the purpose is not as sealed. */
export function open(envelope: Envelope, keyring: Keyring, purpose: string): string {
  const key = keyOf(keyring, envelope.keyId)
  const nonce = Buffer.from(envelope.nonce, 'base64')
  const sealed = Buffer.from(envelope.ciphertext, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(purpose, 'utf8'))
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    const plaintext = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
    return plaintext.toString('utf8')
  } catch {
    // The library's own error says no more, and a cause could carry what was sealed.
    throw envelopeError(
      'envelope_not_authentic',
      `the envelope of key ${envelope.keyId} does not open for its purpose`,
    )
  }
}

function keyOf(keyring: Keyring, keyId: string): Uint8Array {
  const key = keyring.keys.get(keyId)
  if (key === undefined) {
    throw envelopeError(
      'envelope_key_unknown',
      `key ${keyId} is not in the keyring; put it back to read what it sealed`,
    )
  }
  return key
}

const envelopeError = (code: EnvelopeErrorCode, message: string): EnvelopeError =>
  Object.assign(new Error(message), { code })
