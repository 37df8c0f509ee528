/**
 * In which tier of service a call ran, as its usage says. One text holds it: a tier, and after a plus sign the region
 * that is charged apart, such as `flex`, `fast+us` or `standard+us`.
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'

/** What a usage object says of its tier, and of the region that its call was held to; null where it says nothing. */
export interface UsageTier {
  readonly tier: string | null
  readonly region: string | null
}

const SAYS_NOTHING: UsageTier = { tier: null, region: null }
const NAME = /^[\w.-]{1,64}$/

/**
 * Anthropic names the tier, the dearer fast mode and the region inside its usage
 * (https://platform.claude.com/docs/en/manage-claude/data-residency); Vertex names the tier as a type of traffic.
 */
export function tierInUsage(usage: unknown): UsageTier {
  if (!isJsonObject(usage)) return SAYS_NOTHING
  const tier = usage.speed === 'fast' ? 'fast' : (nameAt(usage, 'service_tier') ?? trafficOf(usage))
  // Other places are charged as everywhere; only what is dearer is told apart.
  const region = usage.inference_geo === 'us' ? 'us' : null
  return tier === null && region === null ? SAYS_NOTHING : { tier, region }
}

/** The tier of an event: what its client said goes before what its usage says, and the region is added to either. */
export function withRegion(tier: string | null, region: string | null): string | null {
  // A name too long to be a tier's is left alone, so that it stays within the limit of its field.
  if (region === null || (tier !== null && (tier.includes('+') || tier.length > 64))) return tier
  return `${tier ?? 'standard'}+${region}`
}

function nameAt(usage: JsonObject, name: string): string | null {
  const value = usage[name]
  return typeof value === 'string' && NAME.test(value) ? value : null
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/deploy/consumption-options */
function trafficOf(usage: JsonObject): string | null {
  switch (usage.trafficType ?? usage.traffic_type) {
    case 'ON_DEMAND_FLEX':
      return 'flex'
    case 'ON_DEMAND_PRIORITY':
      return 'priority'
    case 'PROVISIONED_THROUGHPUT':
      return 'provisioned'
    default:
      return null
  }
}
