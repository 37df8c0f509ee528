/**
 * The one way from the body of a request for a hold to what is asked, by the table of docs/api.md.
 * Invariant: what comes out satisfies every limit of that table, so nothing inside checks again.
 */
import { type FieldReader, isJsonObject, type JsonObject, readFields } from '../event/field-reader.ts'
import { showName, showValue } from '../event/show-value.ts'
import { type NanoUsd, usd } from '../money.ts'
import type { BytesOfRequest } from '../pricing/input-tokens-max.ts'

/** How large the call may be: what its worst case is reckoned from. */
export type CallSize = { readonly maxTokens: number; readonly n: number } & (
  | { readonly inputTokens: number }
  | BytesOfRequest
)

export interface HoldRequest {
  readonly requestId: string
  readonly attempt: number
  readonly provider: string
  readonly model: string
  readonly serviceTier: string | null
  readonly route: string | null
  readonly userId: string | null
  readonly environment: string
  readonly tags: Readonly<Record<string, string>>
  readonly ttlS: number
  readonly bound: HoldBound
}

export type HoldBound =
  /** The caller knows the most that the call can cost. */
  { readonly kind: 'amount'; readonly amount: NanoUsd } | { readonly kind: 'size'; readonly size: CallSize }

export type ParsedHold =
  | { readonly kind: 'hold'; readonly request: HoldRequest }
  /** A sentence that says what is wrong, in which field, and what was expected. */
  | { readonly kind: 'bad'; readonly problem: string }

export const TTL_S = { from: 10, to: 3_600 }
const TTL_S_DEFAULT = 600
/** Far above any call, far below where a sum leaves the 64 bits of the stores. */
export const HOLD_AMOUNT_MAX = usd('1000000')
const ATTEMPT = { from: 1, to: 100 }
const TOKENS = { from: 0, to: 100_000_000 }
const BYTES = { from: 0, to: 1024 ** 3 }
const ANSWERS = { from: 1, to: 128 }
const TAGS = { tagsMax: 32, keyCharsMax: 64, valueCharsMax: 256 }
const NAME_CHARS_MAX = 256

const FIELDS: readonly string[] = [
  ...['request_id', 'attempt', 'provider', 'model', 'service_tier', 'route', 'user_id', 'environment'],
  ...['tags', 'ttl_s', 'max_usd', 'max_tokens', 'n', 'input_tokens', 'input_bytes', 'tools'],
]

/** Never throws. */
export function parseHold(value: unknown): ParsedHold {
  if (!isJsonObject(value)) return bad(`the body is ${showValue(value)}; it must be an object`)
  const unknown = Object.keys(value).find((name) => !FIELDS.includes(name))
  if (unknown !== undefined) {
    return bad(`"${showName(unknown)}" is no field of a hold; it has ${FIELDS.join(', ')}`)
  }
  const fields = readFields(value)
  const bound = boundOf(value, fields)
  const request: HoldRequest = {
    requestId: fields.text('request_id', 128),
    attempt: fields.integer('attempt', ATTEMPT, 1),
    provider: fields.text('provider', 64).toLowerCase(),
    model: fields.text('model', 128),
    serviceTier: fields.textOrNull('service_tier', NAME_CHARS_MAX),
    route: fields.textOrNull('route', NAME_CHARS_MAX),
    userId: fields.textOrNull('user_id', NAME_CHARS_MAX),
    environment: fields.text('environment', 64, 'production'),
    tags: fields.tags('tags', TAGS),
    ttlS: fields.integer('ttl_s', TTL_S, TTL_S_DEFAULT),
    bound: typeof bound === 'string' ? NOTHING : bound,
  }
  const problem = fields.problem()
  if (problem !== null) return bad(problem.reason)
  return typeof bound === 'string' ? bad(bound) : { kind: 'hold', request }
}

const NOTHING: HoldBound = { kind: 'size', size: { maxTokens: 0, n: 1, inputTokens: 0 } }

/** The bound, or what is wrong with how it is said. */
function boundOf(value: JsonObject, fields: FieldReader): HoldBound | string {
  const amount = fields.amountOrNull('max_usd', HOLD_AMOUNT_MAX)
  const inputTokens = fields.integerOrNull('input_tokens', TOKENS)
  const inputBytes = fields.integerOrNull('input_bytes', BYTES)
  const tools = Object.hasOwn(value, 'tools') ? fields.flag('tools') : true
  const n = fields.integer('n', ANSWERS, 1)
  if (amount !== null) {
    fields.integerOrNull('max_tokens', TOKENS)
    return { kind: 'amount', amount }
  }
  const maxTokens = fields.integer('max_tokens', TOKENS)
  if (inputTokens !== null) return { kind: 'size', size: { maxTokens, n, inputTokens } }
  if (inputBytes !== null) return { kind: 'size', size: { maxTokens, n, inputBytes, tools } }
  return 'neither input_tokens nor input_bytes is there; one of them is required, or else max_usd'
}

export type ParsedSettlement =
  | { readonly kind: 'cost'; readonly cost: NanoUsd }
  | { readonly kind: 'bad'; readonly problem: string }

/** `{"cost_usd": "0.0123"}`. */
export function parseSettlement(value: unknown): ParsedSettlement {
  const way = 'send {"cost_usd": "0.0123"}'
  if (!isJsonObject(value)) return bad(`the body is ${showValue(value)}; ${way}`)
  const unknown = Object.keys(value).find((name) => name !== 'cost_usd')
  if (unknown !== undefined) return bad(`"${showName(unknown)}" is no field of a settlement; ${way}`)
  const fields = readFields(value)
  const cost = fields.amountOrNull('cost_usd', HOLD_AMOUNT_MAX)
  const problem = fields.problem()
  if (problem !== null) return bad(problem.reason)
  return cost === null ? bad(`cost_usd is missing; ${way}`) : { kind: 'cost', cost }
}

const bad = (problem: string) => ({ kind: 'bad', problem }) as const
