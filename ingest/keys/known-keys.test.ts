import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { mintApiKey } from '../../core/api-key.ts'
import { aKnownKey } from '../../test/ingest/a-key.ts'
import { type KnownApiKey, type KnownKeys, knownKeys } from './known-keys.ts'

const log = pino({ level: 'silent' })
const NOON_MS = Date.UTC(2026, 10, 10, 12)
const { text } = mintApiKey()
const key = aKnownKey()

let elapsedMs: number
let looks: number
let touched: string[]
let find: (text: string) => Promise<KnownApiKey | null>
let keys: KnownKeys
beforeEach(() => {
  elapsedMs = 0
  looks = 0
  touched = []
  find = async (given) => (given === text ? key : null)
  keys = knownKeys({
    find: (given) => {
      looks += 1
      return find(given)
    },
    touch: async (id) => {
      touched.push(id)
    },
    now: () => new Date(NOON_MS + elapsedMs),
    log,
  })
})
const isDown = () => {
  find = () => Promise.reject(new Error('connection refused'))
}

describe('an API key', () => {
  it('is looked up once for all who call at the same time, and noted as used', async () => {
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.lookUp(text)))
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['known']))
    expect([looks, touched]).toEqual([1, ['key_1']])
  })

  it('that was revoked is seen so within ten seconds', async () => {
    await keys.lookUp(text)
    const revokedAt = new Date(NOON_MS)
    find = async () => ({ ...key, revokedAt })
    elapsedMs = 9_999
    expect(await keys.lookUp(text)).toEqual({ kind: 'known', key })
    elapsedMs = 10_000
    expect(await keys.lookUp(text)).toEqual({ kind: 'known', key: { ...key, revokedAt } })
  })

  it('that was removed is unknown within ten seconds, and stays so while Postgres is down', async () => {
    await keys.lookUp(text)
    find = async () => null
    elapsedMs = 10_000
    expect(await keys.lookUp(text)).toEqual({ kind: 'unknown' })
    isDown()
    elapsedMs = 20_000
    expect(await keys.lookUp(text)).toEqual({ kind: 'unavailable' })
  })

  it('made just now works within two seconds, although it was tried before', async () => {
    find = async () => null
    expect(await keys.lookUp(text)).toEqual({ kind: 'unknown' })
    find = async () => key
    elapsedMs = 2_000
    expect(await keys.lookUp(text)).toEqual({ kind: 'known', key })
  })

  it('that nobody made is remembered for two seconds, of ten thousand such the youngest', async () => {
    find = async () => null
    const guesses = Array.from({ length: 10_001 }, () => mintApiKey().text)
    for (const guess of guesses) await keys.lookUp(guess)
    const asksFor = async (guess = '') => {
      const before = looks
      await keys.lookUp(guess)
      return looks - before
    }
    expect(await asksFor(guesses.at(-1))).toBe(0)
    expect(await asksFor(guesses[1])).toBe(0)
    expect(await asksFor(guesses[0])).toBe(1)
  })

  it('that is known is looked up without asking whether it may be, and one that is not only if it may', async () => {
    let asked = 0
    const refuse = () => {
      asked += 1
      return Promise.reject(new Error('too many'))
    }
    await expect(keys.lookUp(text, refuse)).rejects.toThrow('too many')
    expect([looks, asked]).toEqual([0, 1])
    await keys.lookUp(text)
    elapsedMs = 10_000
    expect((await keys.lookUp(text, refuse)).kind).toBe('known')
    expect([looks, asked]).toEqual([2, 1])
  })

  it('of no valid form costs no look-up', async () => {
    expect(await keys.lookUp('sk-1234')).toEqual({ kind: 'unknown' })
    expect(looks).toBe(0)
  })
})

describe('while Postgres does not answer', () => {
  it('a key found lately works on for five minutes, and no longer', async () => {
    await keys.lookUp(text)
    isDown()
    for (elapsedMs = 0; elapsedMs <= 300_000; elapsedMs += 20_000) {
      expect((await keys.lookUp(text)).kind).toBe('known')
    }
    elapsedMs = 302_000
    expect((await keys.lookUp(text)).kind).toBe('unavailable')
  })

  it('it is asked once a second, not on every call', async () => {
    await keys.lookUp(text)
    isDown()
    elapsedMs = 10_000
    for (let call = 0; call < 100; call++) await keys.lookUp(text)
    expect(looks).toBe(2)
  })

  it('and hangs, a key found lately waits half a second at most', async () => {
    await keys.lookUp(text)
    find = () => new Promise(() => undefined)
    elapsedMs = 10_000
    const before = performance.now()
    expect((await keys.lookUp(text)).kind).toBe('known')
    expect(performance.now() - before).toBeLessThan(1_500)
  })

  it('a key never seen is asked for once a second, however many calls come with it, and works when it is back', async () => {
    isDown()
    let asked = 0
    const lookUp = () =>
      keys.lookUp(text, async () => {
        asked += 1
      })
    for (let call = 0; call < 100; call++) expect(await lookUp()).toEqual({ kind: 'unavailable' })
    expect([looks, asked]).toEqual([1, 1])
    find = async (given) => (given === text ? key : null)
    elapsedMs = 1_000
    expect(await lookUp()).toEqual({ kind: 'known', key })
  })

  it('a key never seen is asked for again when the clock is put back', async () => {
    isDown()
    await keys.lookUp(text)
    find = async (given) => (given === text ? key : null)
    elapsedMs = -9 * 24 * 60 * 60 * 1_000
    expect(await keys.lookUp(text)).toEqual({ kind: 'known', key })
  })

  it('a key never seen is neither known nor unknown', async () => {
    isDown()
    expect(await keys.lookUp(text)).toEqual({ kind: 'unavailable' })
  })
})
