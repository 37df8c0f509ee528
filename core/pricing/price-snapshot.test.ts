import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildPriceBook, modelsOfList, PRICE_LIST } from './genai-prices.ts'
import { comparePrices, isJump, type PriceSnapshot, showChange, snapshotOf } from './price-snapshot.ts'

const accepted: PriceSnapshot = JSON.parse(
  readFileSync(new URL('./price-snapshot.json', import.meta.url), 'utf8'),
)
const aSnapshot = (models: Record<string, string>, modelsPriced = 2): PriceSnapshot => ({
  ...{ list: 'list@1', at: '2026-11-25T12:00:00.000Z', modelsPriced, models },
})

describe('the installed price list', () => {
  it('says what was accepted; after an upgrade, look at `npm run prices` and accept with `npm run prices -- accept`', async () => {
    const installed = { list: PRICE_LIST, models: await modelsOfList(), book: buildPriceBook() }
    const now = snapshotOf(installed, new Date(accepted.at))
    expect(comparePrices(accepted, now).map(showChange)).toEqual([])
    expect(now.list).toBe(accepted.list)
    expect(Object.keys(accepted.models).length).toBeGreaterThan(300)
  })
})

describe('a newer list', () => {
  const before = aSnapshot({
    'a/one': 'input=2 output=8 input>200000=4',
    'a/two': 'input=1',
    'a/six': 'input=0',
  })

  it('that says the same has no changes', () => {
    expect(comparePrices(before, before)).toEqual([])
  })

  it('waits for a person where a rate jumps by more than 30%, up or down, or is gone', () => {
    const seen = (rates: string) =>
      comparePrices(before, aSnapshot({ ...before.models, 'a/one': rates })).map((change) => [
        showChange(change),
        isJump(change),
      ])
    const line = (text: string) => `a/one: ${text} dollars per million tokens`
    expect(seen('input=2.6 output=8 input>200000=4')).toEqual([[line('input 2 -> 2.6'), false]])
    expect(seen('input=2.61 output=8 input>200000=4')).toEqual([[`REVIEW ${line('input 2 -> 2.61')}`, true]])
    expect(seen('input=2 output=5 input>200000=4')).toEqual([[`REVIEW ${line('output 8 -> 5')}`, true]])
    expect(seen('input=2 output=8')).toEqual([[`REVIEW ${line('input>200000 4 -> unknown')}`, true]])
    expect(seen('input=2 output=8 input>200000=4 cacheRead=1')).toEqual([
      [line('cacheRead unknown -> 1'), false],
    ])
  })

  it('waits for a person where a model is gone, where there are fewer, and where the free costs something', () => {
    const { 'a/two': _, ...fewer } = before.models
    const changes = comparePrices(before, aSnapshot({ ...fewer, 'a/new': 'input=1', 'a/six': 'input=1' }, 1))
    expect(changes.map(showChange)).toEqual([
      'REVIEW 2 models had a price, 1 have one now',
      'a/new: is new',
      'REVIEW a/six: input 0 -> 1 dollars per million tokens',
      'REVIEW a/two: is gone',
    ])
  })
})
