/** What an event says it used: the provider's own usage object or our counts, never both. */
import { normaliseUsage } from '../usage/normalise.ts'
import { tierInUsage, type UsageTier } from '../usage/service-tier.ts'
import { inconsistencyOf, TOKENS_MAX } from '../usage/token-laws.ts'
import { boundedJson } from './bounded-json.ts'
import { type JsonObject, readFields } from './field-reader.ts'
import type { RejectionCode } from './rejection.ts'
import type { TokenUsage } from './usage-event.ts'

export type ParsedTokens =
  | {
      readonly kind: 'counted'
      readonly tokens: TokenUsage
      readonly rawUsage: string | null
      readonly said: UsageTier
    }
  | { readonly kind: 'rejected'; readonly code: RejectionCode; readonly reason: string }

const RAW_USAGE = { bytesMax: 8 * 1024, depthMax: 8 }
const COUNT = { from: 0, to: TOKENS_MAX, negativeCode: 'tokens_negative' } as const
const COUNT_FIELDS = [
  ...['tokens_in', 'tokens_out', 'tokens_cache_read', 'tokens_cache_write_5m', 'tokens_cache_write_1h'],
  ...['tokens_audio_in', 'tokens_reasoning', 'tokens_audio_out'],
]

export function parseTokens(event: JsonObject, provider: string): ParsedTokens {
  if (!Object.hasOwn(event, 'usage')) return fromCounts(event)
  const both = COUNT_FIELDS.find((name) => Object.hasOwn(event, name))
  if (both !== undefined) {
    return rejected('usage_and_tokens', `usage and ${both} were both given; send the one or the other`)
  }
  return fromUsage(event.usage, provider)
}

function fromUsage(usage: unknown, provider: string): ParsedTokens {
  const normalised = normaliseUsage(provider, usage)
  if (normalised.kind === 'unreadable') return rejected('usage_unreadable', normalised.reason)
  const raw = boundedJson(usage, RAW_USAGE)
  if (raw.kind === 'refused') return rejected('usage_unreadable', `usage ${raw.reason}`)
  return { kind: 'counted', tokens: normalised.tokens, rawUsage: raw.text, said: tierInUsage(usage) }
}

function fromCounts(event: JsonObject): ParsedTokens {
  const fields = readFields(event)
  const tokens: TokenUsage = {
    in: fields.integer('tokens_in', COUNT),
    out: fields.integer('tokens_out', COUNT),
    cacheRead: fields.integer('tokens_cache_read', COUNT, 0),
    cacheWrite5m: fields.integer('tokens_cache_write_5m', COUNT, 0),
    cacheWrite1h: fields.integer('tokens_cache_write_1h', COUNT, 0),
    reasoning: fields.integer('tokens_reasoning', COUNT, 0),
    audioIn: fields.integer('tokens_audio_in', COUNT, 0),
    audioOut: fields.integer('tokens_audio_out', COUNT, 0),
  }
  const problem = fields.problem()
  if (problem) return rejected(problem.code, problem.reason)
  const inconsistency = inconsistencyOf(tokens)
  if (inconsistency) return rejected('tokens_inconsistent', inconsistency)
  return { kind: 'counted', tokens, rawUsage: null, said: tierInUsage(null) }
}

const rejected = (code: RejectionCode, reason: string): ParsedTokens => ({ kind: 'rejected', code, reason })
