import { describe, expect, it } from 'vitest'
import { buildPriceBook } from './genai-prices.ts'
import listed from './listed-rates.json' with { type: 'json' }
import { isJump, type ListedRates, listRates, rateChanges, sayChanges } from './listed-rates.ts'
import { PRICE_LIST } from './price-list.ts'

const LISTED: ListedRates = listed
const HOW = 'run npm run prices, look at what it lists, then npm run prices -- --accept'

describe('the installed price list', () => {
  it('has for much used models the rates that somebody looked at', () => {
    expect(Object.keys(LISTED.rates).length).toBeGreaterThanOrEqual(60)
    const installed = listRates(buildPriceBook(), Object.keys(LISTED.rates), new Date(LISTED.at))
    expect(sayChanges(rateChanges(LISTED.rates, installed)), HOW).toEqual([])
  })

  it('is the version whose rates somebody looked at', () => {
    expect(LISTED.list, HOW).toBe(PRICE_LIST)
  })
})

describe('a change of rates', () => {
  const before = { 'openai/a': { input: '2', output: '10' }, 'openai/b': { input: '1' }, 'openai/c': null }

  it('is said in a line, jumps over 30% first and marked', () => {
    const after = {
      'openai/a': { input: '2.6', output: '13.01' },
      'openai/b': { input: '0.2', cacheRead: '0.02' },
      'openai/c': { input: '5' },
    }
    expect(sayChanges(rateChanges(before, after))).toEqual([
      'JUMP openai/a output: $10 -> $13.01 (+30%)',
      'JUMP openai/b input: $1 -> $0.2 (-80%)',
      'JUMP openai/b cacheRead: none -> $0.02',
      'JUMP openai/c input: none -> $5',
      'openai/a input: $2 -> $2.6 (+30%)',
    ])
  })

  it('is a jump when a model or a rate is gone', () => {
    const changes = rateChanges(before, { ...before, 'openai/b': null })
    expect(changes).toEqual([{ model: 'openai/b', rate: 'input', before: '1', after: null }])
    expect(changes.every(isJump)).toBe(true)
  })

  it('is none when nothing changed', () => {
    expect(rateChanges(before, before)).toEqual([])
  })
})
