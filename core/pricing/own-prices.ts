/**
 * What an organisation pays itself: prices of its own for models, discounts on the list, and its names for models.
 * Invariant: the list is asked only where no price of the organisation holds, and nothing unknown becomes $0.
 *
 * A price is for the service tier that it names, else for standard calls. A call in a tier for which the organisation
 * wrote none costs, by its discount, that share of what the list says of the tier; and by its own rates an estimate:
 * these, times what the provider publishes for the tier, since the contract may say otherwise.
 */
import { divideHalfEven, type NanoUsd, nanoUsd, zeroUsd } from '../money.ts'
import { unreachable } from '../unreachable.ts'
import { cardBy, type PriceBook, RATE_CLASSES, type RateCard, type RateClass, type Rates } from './rates.ts'
import { canonicalTier, inServiceTier } from './service-tiers.ts'

export interface OwnPrice {
  readonly id: string
  /** Lower case. */
  readonly provider: string
  /** A model's name, or a pattern in which `*` stands for any characters. */
  readonly model: string
  /** By its canonical name; null for standard calls. */
  readonly serviceTier: string | null
  readonly from: Date
  /** Null: until another one begins. */
  readonly until: Date | null
  readonly charge: OwnCharge
}

export type OwnCharge =
  /** Nano-dollars per million tokens; a class that is left out is charged as the one it is a part of. */
  | { readonly kind: 'rates'; readonly rates: OwnRates; readonly requestFee: NanoUsd }
  /** Hundredths of a percent of what the list says: 8,500 is a discount of 15%. */
  | { readonly kind: 'share_of_list'; readonly basisPoints: number }

export type OwnRates = { readonly input: bigint; readonly output: bigint } & {
  readonly [name in Exclude<RateClass, 'input' | 'output'>]?: bigint
}

/** Such as an Azure deployment, whose name says nothing of the model behind it. */
export interface ModelAlias {
  /** Lower case. */
  readonly provider: string
  readonly alias: string
  readonly toProvider: string
  readonly toModel: string
}

export interface OwnPricing {
  readonly prices: readonly OwnPrice[]
  readonly aliases: readonly ModelAlias[]
}

const MODELS_REMEMBERED_MAX = 4_096

/** The organisation's price that began last and still holds, an exact name before a pattern; else the list's. */
export function layeredPriceBook(list: PriceBook, own: OwnPricing): PriceBook {
  if (own.prices.length === 0 && own.aliases.length === 0) return list
  const choices = new Map<string, Choice>()
  const derived: Derived = new WeakMap()
  return {
    ratesAt(provider, model, at, serviceTier = null) {
      const key = `${provider}\n${model}`
      let choice = choices.get(key)
      if (choice === undefined) {
        choice = choiceFor(own, { provider: provider.toLowerCase(), model })
        if (choices.size >= MODELS_REMEMBERED_MAX) choices.clear()
        choices.set(key, choice)
      }
      const listed = () => list.ratesAt(choice.provider, choice.model, at, serviceTier)
      const tier = canonicalTier(serviceTier)
      const price = priceFor(choice, tier, at)
      if (price === undefined) return listed()
      switch (price.charge.kind) {
        case 'rates': {
          const rates = choice.rates.get(price.id) ?? null
          if (rates === null || tier === price.serviceTier || tier === null) return rates
          const model = listed()
          // Where nothing is published of the tier, the rates as they are, which `priceEvent` takes for an estimate.
          if (model?.serviceTier !== tier) return rates
          return remembered(derived, model, price.id, () => estimateInTier(rates, { tier, at, model }))
        }
        case 'share_of_list': {
          const { basisPoints } = price.charge
          const rates = listed()
          return rates && remembered(derived, rates, price.id, () => shareOf(rates, price.id, basisPoints))
        }
        default:
          return unreachable(price.charge)
      }
    },
  }
}

/** One that names the tier goes before one for standard calls, whichever began last. */
const priceFor = ({ prices }: Choice, tier: string | null, at: Date): OwnPrice | undefined =>
  (tier === null ? undefined : prices.find((each) => each.serviceTier === tier && holds(each, at))) ??
  prices.find((each) => each.serviceTier === null && holds(each, at))

function estimateInTier(
  rates: Rates,
  { tier, at, model }: { readonly tier: string; readonly at: Date; readonly model: Rates },
): Rates {
  const found = inServiceTier(rates, { tier, at, listedAs: model.listedAs }) ?? rates
  return { ...found, borrowed: new Set(RATE_CLASSES) }
}

/** What was worked out of the list's rates of one model, day and tier, by the price that it was worked out with. */
type Derived = WeakMap<Rates, Map<string, Rates>>

function remembered(derived: Derived, listed: Rates, priceId: string, work: () => Rates): Rates {
  const known = derived.get(listed)?.get(priceId)
  if (known !== undefined) return known
  const found = work()
  derived.set(listed, (derived.get(listed) ?? new Map<string, Rates>()).set(priceId, found))
  return found
}

interface Named {
  readonly provider: string
  readonly model: string
}

/** What can hold for one model, worked out once. */
interface Choice extends Named {
  /** In the order in which they are tried. */
  readonly prices: readonly OwnPrice[]
  readonly rates: ReadonlyMap<string, Rates>
}

function choiceFor({ prices, aliases }: OwnPricing, named: Named): Choice {
  const alias = aliases.find((each) => each.provider === named.provider && each.alias === named.model)
  const real = alias ? { provider: alias.toProvider, model: alias.toModel } : named
  const fitting = prices.filter((price) => fits(price, named) || fits(price, real)).sort(firstTried)
  const rates = new Map<string, Rates>()
  for (const price of fitting) {
    if (price.charge.kind === 'rates') rates.set(price.id, ratesOf(price, price.charge))
  }
  return { ...real, prices: fitting, rates }
}

const holds = ({ from, until }: OwnPrice, at: Date): boolean =>
  from.getTime() <= at.getTime() && (until === null || at.getTime() < until.getTime())

const isPattern = ({ model }: OwnPrice): boolean => model.includes('*')

const firstTried = (a: OwnPrice, b: OwnPrice): number =>
  Number(isPattern(a)) - Number(isPattern(b)) ||
  // Of patterns the one that says more.
  (isPattern(a) ? b.model.length - a.model.length : 0) ||
  b.from.getTime() - a.from.getTime() ||
  (a.id < b.id ? 1 : -1)

function fits(price: OwnPrice, { provider, model }: Named): boolean {
  if (price.provider !== provider) return false
  if (!isPattern(price)) return price.model === model
  return matches(price.model.split('*'), model)
}

/** Linear: each part between the stars is searched once, after the one before it. */
function matches(parts: readonly string[], text: string): boolean {
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1 || found + part.length > text.length - last.length) return false
    at = found + part.length
  }
  return true
}

/** The class whose rate is taken where the organisation named none. */
const PARENTS: Readonly<Record<Exclude<RateClass, 'input' | 'output'>, RateClass>> = {
  cacheRead: 'input',
  cacheWrite5m: 'input',
  cacheWrite1h: 'cacheWrite5m',
  reasoning: 'output',
  audioIn: 'input',
  audioOut: 'output',
}

function ratesOf(
  { id, serviceTier }: OwnPrice,
  { rates, requestFee }: Extract<OwnCharge, { kind: 'rates' }>,
): Rates {
  const rateOf = (name: RateClass): bigint => {
    const own = rates[name]
    if (own !== undefined) return own
    return name === 'input' || name === 'output' ? 0n : rateOf(PARENTS[name])
  }
  const borrowed = RATE_CLASSES.filter((name) => name !== 'reasoning' && rates[name] === undefined)
  return {
    priceVersion: `own:${id}`,
    ...{ listedAs: null, serviceTier },
    base: cardBy(rateOf),
    tiers: [],
    requestFee,
    borrowed: new Set(borrowed),
    hasUncountedClasses: false,
    estimatedAbove: null,
  }
}

const BASIS_POINTS = 10_000n

function shareOf(rates: Rates, id: string, basisPoints: number): Rates {
  const scale = (rate: bigint): bigint => divideHalfEven(rate * BigInt(basisPoints), BASIS_POINTS)
  const cardOf = (card: RateCard): RateCard =>
    cardBy((name) => {
      const rate = card[name]
      return rate === null ? null : scale(rate)
    })
  return {
    ...rates,
    priceVersion: `own:${id}*${rates.priceVersion}`,
    base: cardOf(rates.base),
    tiers: rates.tiers.map(({ inputAbove, card }) => ({ inputAbove, card: cardOf(card) })),
    requestFee: rates.requestFee === zeroUsd ? zeroUsd : nanoUsd(scale(rates.requestFee)),
  }
}
