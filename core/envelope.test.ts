import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Envelope, open, parseKeyring, seal } from './envelope.ts'

const key = () => randomBytes(32).toString('base64')
const [k1, k2] = [key(), key()]
const purpose = 'slack_bot_token:ins_1'
const ring = parseKeyring(`k1:${k1}`)

const codeOf = (attempt: () => unknown): unknown => {
  try {
    attempt()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
  return 'no error'
}

describe('an envelope', () => {
  it('opens to what was sealed, whatever that was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plaintext, someUse) => {
        expect(open(seal({ plaintext, purpose: someUse }, ring), ring, someUse)).toBe(plaintext)
      }),
    )
  })

  it('never looks the same twice', () => {
    const sealed = Array.from({ length: 100 }, () => seal({ plaintext: 'xoxb-1', purpose }, ring))
    expect(new Set(sealed.map(({ nonce }) => nonce)).size).toBe(100)
    expect(new Set(sealed.map(({ ciphertext }) => ciphertext)).size).toBe(100)
  })

  it('still opens after a rotation, which seals with the new key: no migration', () => {
    const old = seal({ plaintext: 'xoxb-1', purpose }, ring)
    const rotated = parseKeyring(`k2:${k2},k1:${k1}`)
    expect(open(old, rotated, purpose)).toBe('xoxb-1')
    const fresh = seal({ plaintext: 'xoxb-2', purpose }, rotated)
    expect([old.keyId, fresh.keyId]).toEqual(['k1', 'k2'])
    expect(open(fresh, parseKeyring(`k2:${k2}`), purpose)).toBe('xoxb-2')
  })

  it('says which key is missing', () => {
    const old = seal({ plaintext: 'xoxb-1', purpose }, ring)
    expect(codeOf(() => open(old, parseKeyring(`k2:${k2}`), purpose))).toBe('envelope_key_unknown')
    expect(() => open(old, parseKeyring(`k2:${k2}`), purpose)).toThrow(/k1/)
  })

  it('does not open for another purpose, with another key of the same name, or changed by a bit', () => {
    const sealed = seal({ plaintext: 'xoxb-1', purpose }, ring)
    const refused = (envelope: Envelope, keyring = ring, use = purpose) =>
      expect(codeOf(() => open(envelope, keyring, use))).toBe('envelope_not_authentic')
    refused(sealed, ring, 'slack_bot_token:ins_2')
    refused(sealed, parseKeyring(`k1:${k2}`))
    const bytes = Buffer.from(sealed.ciphertext, 'base64')
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(bytes.readUInt8(index) ^ 1, index)
      refused({ ...sealed, ciphertext: changed.toString('base64') })
    }
    refused({ ...sealed, nonce: randomBytes(12).toString('base64') })
    // A shortened tag would be easier to forge.
    refused({ ...sealed, ciphertext: bytes.subarray(-4).toString('base64') })
    refused({ ...sealed, ciphertext: '' })
    refused({ ...sealed, nonce: '' })
  })
})

describe('a keyring', () => {
  it.each(['', 'k1', `k1:`, `k1:${k1},`, `k1:${k1},k1:${k2}`, 'k1:c2hvcnQ=', `k 1:${k1}`, 'k1:not base64!'])(
    'that is malformed is refused without showing a key: case %#',
    (text) => {
      expect(codeOf(() => parseKeyring(text))).toBe('keyring_malformed')
      expect(() => parseKeyring(text)).not.toThrow(new RegExp(k1.slice(0, 8).replace(/[+/]/g, '.')))
    },
  )

  it('seals with its first key', () => {
    expect(parseKeyring(` k2:${k2} , k1:${k1} `).currentKeyId).toBe('k2')
  })
})
