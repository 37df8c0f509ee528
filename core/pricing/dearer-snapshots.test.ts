import { describe, expect, it } from 'vitest'
import { DEARER_SNAPSHOTS, LEFT_SNAPSHOTS, namesOfAnswer } from './dearer-snapshots.ts'
import { buildPriceBook, modelsOfList } from './genai-prices.ts'
import listed from './listed-rates.json' with { type: 'json' }
import { RATE_CLASSES, type Rates } from './rates.ts'
import { worstCaseOf } from './worst-case.ts'

const AT = new Date(listed.at)
const HOW = 'look which snapshot the name stands for, and add it to core/pricing/dearer-snapshots.ts'
const book = buildPriceBook()
const models = await modelsOfList()

/** A date, a number of a version or `latest` at the end, with the `:0` and `-preview` that may follow. */
const DATED = /[-@](?:20\d\d-?\d\d-?\d\d|\d{3,4}|latest|preview-\d\d-\d\d)(?:-preview|-v\d:0|:0)?$/

const isDearer = (snapshot: Rates, name: Rates): boolean =>
  RATE_CLASSES.some((each) => (snapshot.base[each] ?? 0n) > (name.base[each] ?? 0n))

describe('a dated snapshot that costs more than its name', () => {
  it('is one of those that somebody looked at, and none of these has become cheaper', () => {
    const dearer = models.flatMap(({ provider, model }) => {
      const name = model.replace(DATED, '')
      if (name === model) return []
      const [snapshot, asked] = [book.ratesAt(provider, model, AT), book.ratesAt(provider, name, AT)]
      return snapshot && asked && isDearer(snapshot, asked) ? [`${provider}/${name} -> ${model}`] : []
    })
    const looked = [...DEARER_SNAPSHOTS, ...LEFT_SNAPSHOTS].flatMap(({ provider, asked, answers }) =>
      answers.map((each) => `${provider}/${asked} -> ${each}`),
    )
    expect(dearer.length).toBeGreaterThan(10)
    expect(dearer.sort(), HOW).toEqual(looked.sort())
  })

  it('is held for when its name is asked for, by any name of the provider', () => {
    const held = (provider: string, model: string) =>
      worstCaseOf({ provider, model, inputTokens: 1_000, maxTokens: 1_000 }, book, AT)
    const pairs = DEARER_SNAPSHOTS.flatMap(({ provider, asked, answers }) =>
      answers.map((answer) => [held(provider, asked), held(provider, answer)] as const),
    )
    for (const [asked, answer] of pairs) {
      if (asked.kind !== 'priced' || answer.kind !== 'priced')
        throw new Error('the list has lost one of these')
      expect(asked.amount >= answer.amount).toBe(true)
    }
    expect(held('mistralai', 'ministral-3b')).toEqual(held('mistral', 'ministral-3b'))
  })

  it('is not held for when the name has left it', () => {
    expect(namesOfAnswer('openai', 'gpt-4o')).toEqual(['gpt-4o'])
    expect(namesOfAnswer('openai', 'gpt-4o-2024-05-13')).toEqual(['gpt-4o-2024-05-13'])
  })
})
