/**
 * Rates of a service tier, from standard rates and what is published of the tier (tiers/).
 * Invariant: standard rates pass through untouched, the very same object; of a tier that nothing is published of, the
 * standard rates are used, and `priceEvent` calls the cost an estimate.
 */
import { divideHalfEven } from '../money.ts'
import { utcDay } from '../period.ts'
import { RATE_CLASSES, type RateCard, type RateClass, type Rates } from './rates.ts'
import { ANTHROPIC_TIERS } from './tiers/anthropic.ts'
import { GOOGLE_TIERS } from './tiers/google.ts'
import { OPENAI_TIERS } from './tiers/openai.ts'
import { OTHER_TIERS } from './tiers/others.ts'
import type { TierFact } from './tiers/tier-fact.ts'

export const TIER_FACTS: readonly TierFact[] = [
  ...OPENAI_TIERS,
  ...ANTHROPIC_TIERS,
  ...GOOGLE_TIERS,
  ...OTHER_TIERS,
]

/** What providers call the tier that the list prices. `auto` is what was asked for, and as a rule answered so. */
const STANDARD: ReadonlySet<string> = new Set(['standard', 'default', 'auto', 'standard_only', 'on_demand'])

/** The tier by one name for all its spellings, and null for the standard one: `SERVICE_TIER_FLEX` is `flex`. */
export function canonicalTier(serviceTier: string | null): string | null {
  if (serviceTier === null || STANDARD.has(serviceTier)) return null
  const known = spellings.get(serviceTier)
  if (known !== undefined) return known
  const canonical = spelled(serviceTier)
  // What clients call a tier has no end; they call few of them often.
  if (spellings.size >= SPELLINGS_MAX) spellings.clear()
  spellings.set(serviceTier, canonical)
  return canonical
}

const SPELLINGS_MAX = 1_024
const spellings = new Map<string, string | null>()

function spelled(serviceTier: string): string | null {
  const [tier = '', region, ...more] = serviceTier.toLowerCase().split('+')
  const name = tier.replace(/^(?:service_tier_|on_demand_)/, '').replace(/^batches$/, 'batch')
  const parts = [STANDARD.has(name) ? '' : name, region ?? '', ...more].filter((part) => part !== '')
  return parts.length === 0 ? null : parts.join('+')
}

/** Whether any provider has this tier, with a region or without: there are few such. */
export function isTierOfSome(tier: string): boolean {
  if (FACTS_BY_TIER.has(tier)) return true
  const [name = '', region = '', ...more] = tier.split('+')
  // What has more parts is nothing that a provider charges.
  return more.length === 0 && name !== region && FACTS_BY_TIER.has(name) && FACTS_BY_TIER.has(region)
}

/**
 * The rates of a call in this tier on the day of `at`. `listedAs` says which model's tiers hold; null when nothing is
 * published of a part of the tier.
 */
export function inServiceTier(
  rates: Rates,
  { tier, at, listedAs }: { readonly tier: string; readonly at: Date; readonly listedAs: string | null },
): Rates | null {
  if (listedAs === null || !isTierOfSome(tier)) return null
  const day = utcDay(at)
  let found = rates
  for (const part of tier.split('+')) {
    const fact = factOf(listedAs, part, day)
    if (fact === null) return null
    found = byFact(found, fact, part)
  }
  return { ...found, serviceTier: tier }
}

/** Of several, the one that began last. */
function factOf(listedAs: string, tier: string, day: string): TierFact | null {
  let found: TierFact | null = null
  for (const fact of FACTS_BY_TIER.get(tier) ?? NO_FACTS) {
    if (fact.from > day || (found !== null && found.from > fact.from)) continue
    if (fact.models.some((model) => fits(`${fact.provider}/${model}`, listedAs))) found = fact
  }
  return found
}

const NO_FACTS: readonly TierFact[] = []
const FACTS_BY_TIER: ReadonlyMap<string, readonly TierFact[]> = new Map(
  [...new Set(TIER_FACTS.flatMap(({ tiers }) => tiers))].map((tier) => [
    tier,
    TIER_FACTS.filter(({ tiers }) => tiers.includes(tier)),
  ]),
)

const fits = (pattern: string, listedAs: string): boolean =>
  pattern.endsWith('*') ? listedAs.startsWith(pattern.slice(0, -1)) : listedAs === pattern

function byFact(rates: Rates, fact: TierFact, part: string): Rates {
  const scaled = (card: RateCard): RateCard => cardBy((name) => scaledRate(card[name], fact, name))
  const base = scaled(rates.base)
  const unpublished = RATE_CLASSES.filter((name) => !fact.classes.includes(name))
  const [dearer] = rates.tiers
  return {
    ...rates,
    priceVersion: `${rates.priceVersion}+tier:${part}@${fact.readOn}`,
    base: { ...base, ...fact.rates },
    tiers: rates.tiers.map(({ inputAbove, card }) => ({ inputAbove, card: scaled(card) })),
    borrowed: new Set([...rates.borrowed, ...unpublished]),
    estimatedAbove: fact.shortPromptsOnly ? (dearer?.inputAbove ?? null) : rates.estimatedAbove,
  }
}

/** A class of which nothing is published is estimated at the dearer of the two: an estimate protects a budget. */
function scaledRate(rate: bigint | null, fact: TierFact, name: RateClass): bigint | null {
  if (rate === null) return null
  const [over, under] = fact.shares?.[name] ?? fact.share
  const scaled = divideHalfEven(rate * over, under)
  return scaled < rate && !fact.classes.includes(name) ? rate : scaled
}

const cardBy = (rateOf: (name: RateClass) => bigint | null): RateCard => ({
  input: rateOf('input'),
  output: rateOf('output'),
  cacheRead: rateOf('cacheRead'),
  cacheWrite5m: rateOf('cacheWrite5m'),
  cacheWrite1h: rateOf('cacheWrite1h'),
  reasoning: rateOf('reasoning'),
  audioIn: rateOf('audioIn'),
  audioOut: rateOf('audioOut'),
})
