/**
 * Rates of a service tier, from standard rates and what is published of the tier (tiers/).
 * Invariant: standard rates pass through untouched, the very same object; of a tier that nothing is published of, the
 * standard rates are used, and `priceEvent` calls the cost an estimate.
 */
import { divideHalfEven } from '../money.ts'
import { utcDay } from '../period.ts'
import { cardBy, RATE_CLASSES, type RateCard, type RateClass, type Rates } from './rates.ts'
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
  if (FACTS_BY_TIER.has(serviceTier)) return serviceTier
  const [tier = '', ...regions] = serviceTier.toLowerCase().split('+')
  const name = tier.replace(/^(?:service_tier_|on_demand_)/, '').replace(/^batches$/, 'batch')
  const parts = [STANDARD.has(name) ? '' : name, ...regions].filter((part) => part !== '')
  return parts.length === 0 ? null : parts.join('+')
}

/** Parts of a tier that say where a call ran; they are charged on top of any other. */
const REGIONS: ReadonlySet<string> = new Set(['us', 'eu', 'regional'])

/** Whether any provider has this tier, alone or with a region: there are few such. */
export function isTierOfSome(tier: string): boolean {
  if (FACTS_BY_TIER.has(tier)) return true
  const [name = '', region = '', ...more] = tier.split('+')
  return more.length === 0 && FACTS_BY_TIER.has(name) && !REGIONS.has(name) && REGIONS.has(region)
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
    // Rates that are printed are the list's, and nobody's own.
    base: rates.listedAs === null ? base : { ...base, ...fact.rates },
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
