import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseKeyring } from './envelope.ts'
import { readNote, writeNote } from './sealed-note.ts'

const keyring = parseKeyring(`k1:${Buffer.alloc(32, 1).toString('base64')}`)
const other = parseKeyring(`k1:${Buffer.alloc(32, 2).toString('base64')}`)
const expiresAt = new Date('2026-11-25T12:00:00Z')
const before = { keyring, now: new Date(expiresAt.getTime() - 1) }

describe('a sealed note', () => {
  it('comes back as it was written, until it expires', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (says) => {
        const text = writeNote({ purpose: 'p', says, expiresAt }, keyring)
        expect(text).toMatch(/^[A-Za-z0-9._~-]+$/)
        expect(readNote(text, 'p', before)).toMatchObject({ kind: 'read', note: { says, expiresAt } })
        expect(readNote(text, 'p', { keyring, now: expiresAt })).toEqual({ kind: 'expired' })
      }),
    )
  })

  it('is not ours when a letter is another, the purpose is another, or the key', () => {
    const text = writeNote({ purpose: 'p', says: 'org_1', expiresAt }, keyring)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('A', 'b', '3', '~', ''), (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1)
        // The last letter of a part carries bits that no byte takes.
        fc.pre(sameBytes(changed) !== sameBytes(text))
        expect(readNote(changed, 'p', before)).toEqual({ kind: 'not_ours' })
      }),
    )
    expect(readNote(text, 'q', before)).toEqual({ kind: 'not_ours' })
    expect(readNote(text, 'p', { ...before, keyring: other })).toEqual({ kind: 'not_ours' })
    expect(readNote('', 'p', before)).toEqual({ kind: 'not_ours' })
  })

  it('is told from another of the same words by its id', () => {
    const ids = [1, 2].map(() => {
      const read = readNote(writeNote({ purpose: 'p', says: 'x', expiresAt }, keyring), 'p', before)
      return read.kind === 'read' ? read.note.id : ''
    })
    expect(new Set(ids).size).toBe(2)
  })
})

const sameBytes = (text: string): string =>
  text
    .split('~')
    .map((part, index) => (index === 0 ? part : Buffer.from(part, 'base64url').toString('hex')))
    .join('~')
