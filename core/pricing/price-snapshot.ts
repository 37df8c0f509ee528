/**
 * The rates of the list on one day, as text, so that a newer list can be held to those that a person has accepted.
 * Feeds of prices have been wrong by half before: what is gone and what jumps waits for a person.
 */
import { usd } from '../money.ts'
import type { ModelOfList } from './genai-prices.ts'
import { type PriceBook, RATE_CLASSES, type RateCard, type Rates } from './rates.ts'

export interface PriceSnapshot {
  /** Such as `genai-prices@0.1.8`. */
  readonly list: string
  /** The rates are those of this instant. */
  readonly at: string
  /** Of the whole list, those that have a price. */
  readonly modelsPriced: number
  /** Of the providers below: `input=2.5 cacheRead=1.25 output=10 input>200000=5`, in dollars per million tokens. */
  readonly models: Readonly<Record<string, string>>
}

/** Those that most calls go to; the others are held to their number alone. */
const PROVIDERS: ReadonlySet<string> = new Set([
  ...['openai', 'anthropic', 'google', 'aws', 'azure', 'mistral', 'groq', 'x-ai', 'deepseek', 'cohere'],
])

export function snapshotOf(
  { list, models, book }: { list: string; models: readonly ModelOfList[]; book: PriceBook },
  at: Date,
): PriceSnapshot {
  const priced = models.flatMap(({ provider, model }) => {
    const rates = book.ratesAt(provider, model, at)
    return rates === null ? [] : [{ provider, name: `${provider}/${model}`, rates }]
  })
  const kept = priced.filter(({ provider }) => PROVIDERS.has(provider))
  return {
    ...{ list, at: at.toISOString(), modelsPriced: priced.length },
    models: Object.fromEntries(kept.map(({ name, rates }) => [name, textOf(rates)])),
  }
}

export type PriceChange =
  | { readonly kind: 'lost'; readonly model: string }
  | { readonly kind: 'added'; readonly model: string }
  | { readonly kind: 'fewer_models'; readonly before: number; readonly after: number }
  /** `before` or `after` is null where there is no such rate. */
  | {
      readonly kind: 'rate'
      readonly model: string
      readonly rate: string
      readonly before: string | null
      readonly after: string | null
    }

/** What a newer list says otherwise of the same day. */
export function comparePrices(before: PriceSnapshot, after: PriceSnapshot): readonly PriceChange[] {
  const names = [...new Set([...Object.keys(before.models), ...Object.keys(after.models)])].sort()
  const changes = names.flatMap((model) => changesOf(model, before.models[model], after.models[model]))
  const isFewer = after.modelsPriced < before.modelsPriced
  const count = { before: before.modelsPriced, after: after.modelsPriced }
  return isFewer ? [{ kind: 'fewer_models', ...count }, ...changes] : changes
}

/** In percent of the rate before. */
const JUMP_PERCENT = 30n

/** What a person must look at before the newer list prices anything: a loss, or a jump of more than 30%. */
export function isJump(change: PriceChange): boolean {
  if (change.kind !== 'rate') return change.kind !== 'added'
  if (change.before === null) return false
  if (change.after === null) return true
  const [before, after] = [usd(change.before), usd(change.after)]
  const difference = after > before ? after - before : before - after
  return difference * 100n > before * JUMP_PERCENT
}

/** One line for people; jumps are marked. */
export function showChange(change: PriceChange): string {
  const mark = isJump(change) ? 'REVIEW ' : ''
  switch (change.kind) {
    case 'lost':
      return `${mark}${change.model}: is gone`
    case 'added':
      return `${mark}${change.model}: is new`
    case 'fewer_models':
      return `${mark}${change.before} models had a price, ${change.after} have one now`
    case 'rate': {
      const { model, rate, before, after } = change
      return `${mark}${model}: ${rate} ${before ?? 'unknown'} -> ${after ?? 'unknown'} dollars per million tokens`
    }
  }
}

function changesOf(model: string, before: string | undefined, after: string | undefined): PriceChange[] {
  if (before === after) return []
  if (before === undefined) return [{ kind: 'added', model }]
  if (after === undefined) return [{ kind: 'lost', model }]
  const [was, is] = [ratesIn(before), ratesIn(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((rate): PriceChange[] => {
    const change = { before: was.get(rate) ?? null, after: is.get(rate) ?? null }
    return change.before === change.after ? [] : [{ kind: 'rate', model, rate, ...change }]
  })
}

const ratesIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(' ').flatMap((pair): [string, string][] => {
      const [name, rate] = pair.split('=')
      return name !== undefined && rate !== undefined ? [[name, rate]] : []
    }),
  )

/** Only rates of their own: a borrowed one says nothing new. */
function textOf(rates: Rates): string {
  const cards = [
    { suffix: '', card: rates.base },
    ...rates.tiers.map(({ inputAbove, card }) => ({ suffix: `>${inputAbove}`, card })),
  ]
  const pairs = cards.flatMap(({ suffix, card }) =>
    pairsOf(rates, card).map(([n, rate]) => `${n}${suffix}=${rate}`),
  )
  return rates.requestFee === 0n ? pairs.join(' ') : [...pairs, `fee=${dollars(rates.requestFee)}`].join(' ')
}

const pairsOf = (rates: Rates, card: RateCard): (readonly [string, string])[] =>
  RATE_CLASSES.flatMap((name) => {
    const rate = card[name]
    const isRepeated = name === 'reasoning' && rate === card.output
    return rate === null || rates.borrowed.has(name) || isRepeated ? [] : [[name, dollars(rate)] as const]
  })

/** Without the zeros that say nothing. */
function dollars(nanos: bigint): string {
  const fraction = (nanos % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '')
  return `${nanos / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}`
}
