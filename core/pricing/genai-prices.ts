/**
 * Rates from the pinned price list of `@pydantic/genai-prices`. The list resolves provider, model, date and time of
 * day; its floats are read as the decimals they were typed as, and the cost is ours. What it has wrong is put right
 * (list-corrections.ts), and service tiers, which it does not know, are laid over it (service-tiers.ts).
 * Resolving takes tens of microseconds, so it is done once per model and UTC day, in a bounded cache.
 */
import {
  calcPrice,
  findProvider,
  type ModelInfo,
  type ModelPrice,
  type PriceCalculation,
  waitForUpdate,
} from '@pydantic/genai-prices'
import { type NanoUsd, nanoUsd, zeroUsd } from '../money.ts'
import { utcDay } from '../period.ts'
import { corrected } from './list-corrections.ts'
import { PRICE_LIST } from './price-list.ts'
import { nameOnDay, providerOfList } from './provider-aliases.ts'
import { nanosPerMillion, type PriceBook, type RateCard, type RateClass, type Rates } from './rates.ts'
import { canonicalTier, inServiceTier, isTierOfSome } from './service-tiers.ts'

const ENTRIES_MAX = 4096

export interface PriceBookOptions {
  /** How many (provider, model, day) are remembered, unknown ones included; the oldest is forgotten. */
  readonly entriesMax?: number
}

export function buildPriceBook({ entriesMax = ENTRIES_MAX }: PriceBookOptions = {}): PriceBook {
  const remembered = new Map<string, Rates | null>()
  const tiered = new WeakMap<Rates, Map<string, Rates>>()
  const dayOf = lastDayRemembered()
  const standardAt = (provider: string, model: string, at: Date): Rates | null => {
    const day = dayOf(at)
    const key = `${day}\n${provider}\n${model}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const providerId = providerOfList(provider)
    const found = calcPrice({}, nameOnDay(providerId, model, day), { providerId, timestamp: at })
    const listed = found && ratesOf(found)
    const rates = listed && corrected(listed, model)
    if (found && variesWithinDay(found.model)) return rates
    if (remembered.size >= entriesMax) forgetOldest(remembered)
    remembered.set(key, rates)
    return rates
  }
  return {
    ratesAt(provider, model, at, serviceTier = null) {
      const rates = standardAt(provider, model, at)
      const tier = canonicalTier(serviceTier)
      // Nothing is kept of what clients alone call a tier: that has no end.
      if (tier === null || rates === null || !isTierOfSome(tier)) return rates
      const known = tiered.get(rates)?.get(tier)
      if (known !== undefined) return known
      const found = inServiceTier(rates, { tier, at, listedAs: rates.listedAs }) ?? rates
      tiered.set(rates, (tiered.get(rates) ?? new Map<string, Rates>()).set(tier, found))
      return found
    },
  }
}

/** What the list calls this provider; null where it has none of that name. */
export const listedProvider = (provider: string): string | null =>
  findProvider({ providerId: providerOfList(provider) })?.id ?? null

export interface ModelOfList {
  readonly provider: string
  readonly model: string
}

/** Every model that the list names, priced or not. The list is never updated, so there is nothing to wait for. */
export async function modelsOfList(): Promise<readonly ModelOfList[]> {
  const providers = (await waitForUpdate()) ?? []
  return providers.flatMap(({ id, models }) => models.map((model) => ({ provider: id, model: model.id })))
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Nearly all calls are of one day, whose name takes as long to make as the price takes to look up. */
function lastDayRemembered(): (at: Date) => string {
  let [number, name] = [Number.NaN, '']
  return (at) => {
    const day = Math.floor(at.getTime() / DAY_MS)
    if (day !== number) [number, name] = [day, utcDay(at)]
    return name
  }
}

function forgetOldest(remembered: Map<string, unknown>): void {
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest)
    return
  }
}

/** DeepSeek's rates depend on the time of day; they are resolved for each call. */
const variesWithinDay = (model: ModelInfo): boolean =>
  Array.isArray(model.prices) && model.prices.some((price) => price.constraint?.type === 'time_of_date')

/** A class of ours, the list's name for it, and the class whose rate it borrows when the list has none. */
const CLASSES: readonly {
  readonly name: RateClass
  readonly key: string
  readonly parent: RateClass | null
}[] = [
  { name: 'input', key: 'input_mtok', parent: null },
  { name: 'output', key: 'output_mtok', parent: null },
  { name: 'cacheRead', key: 'cache_read_mtok', parent: 'input' },
  { name: 'cacheWrite5m', key: 'cache_write_mtok', parent: 'input' },
  { name: 'cacheWrite1h', key: 'cache_write_1h_mtok', parent: 'cacheWrite5m' },
  { name: 'reasoning', key: 'output_reasoning_mtok', parent: 'output' },
  { name: 'audioIn', key: 'input_audio_mtok', parent: 'input' },
  { name: 'audioOut', key: 'output_audio_mtok', parent: 'output' },
]

/** Charged by what our counts do not tell apart from text. Fees of tools, such as searches, are not token prices. */
const UNCOUNTED = /^(?:input|output|cache)_(?:image|video|citation)|_(?:hours|kpages|messages_kcount)$/

function ratesOf({ provider, model, model_price: price }: PriceCalculation): Rates | null {
  const isFree = model.id.endsWith(':free')
  if (price.input_mtok === undefined && price.output_mtok === undefined && !isFree) return null
  const starts = new Set(Object.values(price).flatMap((value) => tiersOf(value).map((tier) => tier.start)))
  return {
    priceVersion: `${PRICE_LIST}:${provider.id}/${model.id}`,
    listedAs: `${provider.id}/${model.id}`,
    serviceTier: null,
    base: isFree ? FREE : cardOf(price, 0),
    tiers: [...starts]
      .sort((a, b) => a - b)
      .map((start) => ({ inputAbove: start, card: cardOf(price, start + 1) })),
    requestFee: requestFeeOf(price),
    borrowed: new Set(CLASSES.filter((each) => isBorrowed(price, each) && !isFree).map((each) => each.name)),
    hasUncountedClasses: Object.keys(price).some((key) => UNCOUNTED.test(key)),
    estimatedAbove: null,
  }
}

/** Reasoning without a rate of its own is billed as output by every provider: that is its rate, not a loan. */
const isBorrowed = (price: ModelPrice, { name, key }: (typeof CLASSES)[number]): boolean =>
  name !== 'reasoning' && price[key] === undefined

function cardOf(price: ModelPrice, tokensIn: number): RateCard {
  const card: Record<RateClass, bigint | null> = { ...NOTHING }
  for (const { name, key, parent } of CLASSES) {
    const usdPerMillion = priceAt(price[key], tokensIn)
    if (usdPerMillion !== null) card[name] = nanosPerMillion(usdPerMillion)
    else card[name] = parent && card[parent]
  }
  return card
}

type ListedPrice = ModelPrice[string]

const tiersOf = (value: ListedPrice) => (typeof value === 'object' ? value.tiers : [])

function priceAt(value: ListedPrice, tokensIn: number): number | null {
  if (value === undefined) return null
  if (typeof value === 'number') return value
  const above = value.tiers.filter((tier) => tokensIn > tier.start).sort((a, b) => a.start - b.start)
  return above.at(-1)?.price ?? value.base
}

/** Dollars per thousand requests, as Perplexity charges beside its tokens. */
function requestFeeOf(price: ModelPrice): NanoUsd {
  const perThousand = priceAt(price.requests_kcount, 0)
  return perThousand === null ? zeroUsd : nanoUsd(nanosPerMillion(perThousand) / 1000n)
}

const NOTHING: RateCard = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite5m: null,
  cacheWrite1h: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
}

const FREE: RateCard = {
  input: 0n,
  output: 0n,
  cacheRead: 0n,
  cacheWrite5m: 0n,
  cacheWrite1h: 0n,
  reasoning: 0n,
  audioIn: 0n,
  audioOut: 0n,
}
