/**
 * What a call through LiteLLM used: the usage object that LiteLLM kept, else its own three counts.
 *
 * LiteLLM writes every provider's usage in OpenAI's names, inclusive, and adds what those lack, as Anthropic's writes to
 * its cache of an hour; where it does, the counts are read here, since OpenAI's shape has no place for them.
 */
import type { JsonObject } from '../event/field-reader.ts'
import { isJsonObject } from '../event/field-reader.ts'
import { normaliseUsage } from '../usage/normalise.ts'
import { tierInUsage, withRegion } from '../usage/service-tier.ts'
import { numberAt, objectAt, textAt } from './payload-reader.ts'

export interface UsageContext {
  readonly provider: string
  readonly isCacheHit: boolean
  readonly isFailure: boolean
}

/** The fields of an event that say what was used and what LiteLLM believes it cost. */
export function usageOf(payload: JsonObject, context: UsageContext): JsonObject {
  // LiteLLM answered from its own cache, and says what the answer would have used.
  if (context.isCacheHit) return { tokens_in: 0, tokens_out: 0 }
  const usage = usageIn(payload)
  const counted = usage === null ? null : countedFrom(usage, context.provider)
  const fields = counted ?? countsOf(payload, context.isFailure)
  const tier = tierOf(payload, usage)
  const reported = reportedCostOf(payload)
  return {
    ...fields,
    ...(tier === null ? {} : { service_tier: tier }),
    ...(reported === null ? {} : { reported_cost_usd: reported }),
  }
}

const COUNTS = ['total_tokens', 'prompt_tokens', 'completion_tokens']

/** Nothing was used and nothing was charged, as far as LiteLLM tells. */
export const usedNothing = (payload: JsonObject): boolean =>
  usageIn(payload) === null &&
  [...COUNTS, 'response_cost'].every((name) => (numberAt(payload, name) ?? 0) === 0)

function usageIn(payload: JsonObject): JsonObject | null {
  // Reading an answer again is no call: LiteLLM counts nothing then, though the answer still tells its usage.
  const isNothing = COUNTS.every((name) => payload[name] === 0)
  const answered = isNothing ? null : objectAt(payload, 'response').usage
  const places = [objectAt(payload, 'metadata').usage_object, answered]
  for (const place of places) {
    if (isJsonObject(place) && Object.values(place).some((value) => typeof value === 'number')) return place
  }
  return null
}

function countedFrom(usage: JsonObject, provider: string): JsonObject | null {
  if (numberAt(usage, 'prompt_tokens') !== null && cacheWriteIn(usage) > 0) return withCacheWrites(usage)
  const numbers = numbersOf(usage, USAGE_DEPTH_MAX)
  return normaliseUsage(provider, numbers).kind === 'tokens' ? { usage: numbers } : null
}

const detailsOf = (usage: JsonObject): JsonObject => objectAt(usage, 'prompt_tokens_details')

const cacheWriteIn = (usage: JsonObject): number =>
  numberAt(usage, 'cache_creation_input_tokens') ??
  numberAt(detailsOf(usage), 'cache_creation_tokens') ??
  numberAt(detailsOf(usage), 'cache_write_tokens') ??
  0

function withCacheWrites(usage: JsonObject): JsonObject {
  const details = detailsOf(usage)
  const written = cacheWriteIn(usage)
  const hour = objectAt(details, 'cache_creation_token_details')
  const written1h = Math.min(numberAt(hour, 'ephemeral_1h_input_tokens') ?? 0, written)
  const read = numberAt(details, 'cached_tokens') ?? numberAt(usage, 'cache_read_input_tokens') ?? 0
  const prompt = numberAt(usage, 'prompt_tokens') ?? 0
  const completion = numberAt(usage, 'completion_tokens') ?? 0
  const reasoning = numberAt(objectAt(usage, 'completion_tokens_details'), 'reasoning_tokens') ?? 0
  return {
    // Older versions left the cached tokens beside the prompt.
    tokens_in: prompt < read + written ? prompt + read + written : prompt,
    tokens_out: completion,
    tokens_cache_read: read,
    tokens_cache_write_5m: written - written1h,
    tokens_cache_write_1h: written1h,
    tokens_reasoning: Math.min(reasoning, completion),
  }
}

const USAGE_DEPTH_MAX = 4

/** The numbers of a usage object alone: whatever else stands in it is no count, and may be anything. */
function numbersOf(usage: JsonObject, depthLeft: number): JsonObject {
  const kept = Object.entries(usage).flatMap(([name, value]): [string, unknown][] => {
    if (!/^\w{1,64}$/.test(name)) return []
    if (typeof value === 'number') return [[name, value]]
    return isJsonObject(value) && depthLeft > 0 ? [[name, numbersOf(value, depthLeft - 1)]] : []
  })
  return Object.fromEntries(kept)
}

/** Absent counts stay absent, so that a payload that says nothing is refused by name; a failure used none. */
function countsOf(payload: JsonObject, isFailure: boolean): JsonObject {
  const tokensIn = numberAt(payload, 'prompt_tokens') ?? (isFailure ? 0 : null)
  const tokensOut = numberAt(payload, 'completion_tokens') ?? (isFailure ? 0 : null)
  return {
    ...(tokensIn === null ? {} : { tokens_in: tokensIn }),
    ...(tokensOut === null ? {} : { tokens_out: tokensOut }),
  }
}

function tierOf(payload: JsonObject, usage: JsonObject | null): string | null {
  const said = tierInUsage(usage)
  const answered = textAt(objectAt(payload, 'response'), 'service_tier', 64)
  const tier = said.tier ?? (answered !== null && /^[\w.-]+$/.test(answered) ? answered : null)
  return withRegion(tier, said.region)
}

/** LiteLLM says 0 both of what is free and of what it has no price for, so a 0 says nothing. */
function reportedCostOf(payload: JsonObject): string | null {
  const cost = numberAt(payload, 'response_cost') ?? 0
  return cost > 0 && cost <= 1_000_000 ? cost.toFixed(9) : null
}
