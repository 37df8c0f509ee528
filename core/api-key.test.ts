import { describe, expect, it } from 'vitest'
import { hashApiKey, mintApiKey, parseApiKey } from './api-key.ts'

describe('an API key', () => {
  it('has the documented shape, and its prefix is what it starts with', () => {
    for (let minted = 0; minted < 200; minted += 1) {
      const key = mintApiKey()
      expect(key.text).toMatch(/^lens_[2-9a-z]{8}_[A-Za-z0-9_-]{43}$/)
      expect(key.text.startsWith(`${key.prefix}_`)).toBe(true)
      expect(parseApiKey(key.text)).toEqual({ prefix: key.prefix })
    }
  })

  it('carries 256 random bits: no two are alike', () => {
    const secrets = new Set(Array.from({ length: 1000 }, () => mintApiKey().text.slice(-43)))
    expect(secrets.size).toBe(1000)
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  })

  it('is found again by its hash, which says nothing of the key', () => {
    const key = mintApiKey()
    expect(hashApiKey(key.text)).toBe(key.hash)
    expect(key.hash).toMatch(/^[0-9a-f]{64}$/)
    // The known SHA-256 of the empty text.
    expect(hashApiKey('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it.each([
    '',
    'lens_',
    `lens_abcdefgh-${'A'.repeat(43)}`,
    `lens_abcdefgh_${'A'.repeat(42)}`,
    `lens_abcdefgh_${'A'.repeat(44)}`,
    `lens_abcdefg0_${'A'.repeat(43)}`,
    `sk_abcdefgh_${'A'.repeat(43)}`,
    ` lens_abcdefgh_${'A'.repeat(43)}`,
    `lens_abcdefgh_${'A'.repeat(43)}\n`,
  ])('is not %j', (text) => {
    expect(parseApiKey(text)).toBeNull()
  })
})
