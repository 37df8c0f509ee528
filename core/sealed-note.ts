/**
 * What we give out and want back as we gave it, for a time: in a link, or through a browser. Sealed, so that it can be
 * neither read nor changed nor made by others, and bound to its purpose.
 */
import { randomBytes } from 'node:crypto'
import { type Keyring, open, seal } from './envelope.ts'

export interface Note {
  /** Different for each note: by it a note is used once, where the reader remembers. */
  readonly id: string
  readonly expiresAt: Date
  readonly says: string
}

export type ReadNote =
  | { readonly kind: 'read'; readonly note: Note }
  | { readonly kind: 'not_ours' }
  | { readonly kind: 'expired' }

const CHARS_MAX = 2_000

export function writeNote(
  { purpose, says, expiresAt }: { readonly purpose: string; readonly says: string; readonly expiresAt: Date },
  keyring: Keyring,
): string {
  const plaintext = JSON.stringify([randomBytes(16).toString('hex'), expiresAt.getTime(), says])
  const { keyId, nonce, ciphertext } = seal({ plaintext, purpose }, keyring)
  return [keyId, nonce, ciphertext].map((part, index) => (index === 0 ? part : urlSafe(part))).join('~')
}

export function readNote(
  text: string,
  purpose: string,
  { keyring, now }: { keyring: Keyring; now: Date },
): ReadNote {
  const note = openNote(text, purpose, keyring)
  if (note === null) return { kind: 'not_ours' }
  return note.expiresAt.getTime() <= now.getTime() ? { kind: 'expired' } : { kind: 'read', note }
}

function openNote(text: string, purpose: string, keyring: Keyring): Note | null {
  const [keyId, nonce, ciphertext, ...more] = text.split('~')
  if (!keyId || !nonce || !ciphertext || more.length > 0 || text.length > CHARS_MAX) return null
  try {
    const plaintext = open({ keyId, nonce: plain(nonce), ciphertext: plain(ciphertext) }, keyring, purpose)
    const value: unknown = JSON.parse(plaintext)
    if (!Array.isArray(value)) return null
    const [id, expiresAtMs, says]: unknown[] = value
    return typeof id === 'string' && typeof expiresAtMs === 'number' && typeof says === 'string'
      ? { id, expiresAt: new Date(expiresAtMs), says }
      : null
  } catch {
    // Made by someone else, changed, for another purpose, or by a key that is gone: not ours, whichever.
    return null
  }
}

const urlSafe = (base64: string): string => Buffer.from(base64, 'base64').toString('base64url')
const plain = (base64url: string): string => Buffer.from(base64url, 'base64url').toString('base64')
