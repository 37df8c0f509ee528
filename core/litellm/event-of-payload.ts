/**
 * A call as LiteLLM's generic API callback tells it (StandardLoggingPayload), as the event of POST /v1/events.
 * Invariant: what comes out is built of named fields, none of which holds prompts, answers, errors or headers; and what
 * only describes a call never costs it its place: a name that cannot be stored is left out.
 *
 * https://docs.litellm.ai/docs/proxy/logging_spec; litellm/types/utils.py, StandardLoggingPayload
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import type { EventStatus } from '../event/usage-event.ts'
import { requestIdOf, responseIdOf } from './ids-of-payload.ts'
import { numberAt, objectAt, textAt } from './payload-reader.ts'
import { tagsOf } from './tags-of-payload.ts'
import { usageOf, usedNothing } from './usage-of-payload.ts'

const NAME_CHARS_MAX = 256
const DAY_MS = 24 * 60 * 60 * 1000

/** For `parseEvent`, which alone decides what is counted; null for what is no payload. Never throws. */
export function eventOfPayload(payload: unknown): unknown {
  if (!isJsonObject(payload)) return null
  const status = statusOf(payload)
  const isCacheHit = payload.cache_hit === true
  const { provider, model } = namesOf(payload)
  return withoutNulls({
    request_id: requestIdOf(payload),
    ts: instantOf(numberAt(payload, 'startTime')),
    provider,
    model,
    ...usageOf(payload, { provider, isCacheHit, isFailure: status !== 'ok' }),
    latency_ms: latencyOf(payload),
    ttft_ms: firstTokenOf(payload),
    streamed: payload.stream === true,
    status,
    user_id: userOf(payload),
    session_id: textAt(payload, 'session_id', NAME_CHARS_MAX),
    trace_id: textAt(payload, 'trace_id', NAME_CHARS_MAX),
    // The provider gave its answer to the call that filled the cache.
    provider_response_id: isCacheHit ? null : responseIdOf(payload),
    tags: tagsOf(payload, isCacheHit),
    metadata: withoutNulls({
      litellm_call_id: textAt(payload, 'litellm_call_id', NAME_CHARS_MAX),
      call_type: textAt(payload, 'call_type', NAME_CHARS_MAX),
      litellm_model_id: textAt(payload, 'model_id', NAME_CHARS_MAX),
    }),
  })
}

/** Codes of LiteLLM's error_information; 499 is a client that went away. */
function statusOf(payload: JsonObject): EventStatus {
  if (payload.status !== 'failure') return 'ok'
  const error = objectAt(payload, 'error_information')
  const code = String(error.error_code ?? '')
  if (code === '429' || error.error_class === 'RateLimitError') return 'rate_limited'
  return code === '499' ? 'aborted' : 'error'
}

/**
 * The provider, and the model that answered; both 'unknown', and so unpriced, rather than spend that is not counted.
 * No model when none was reached: LiteLLM also tells of lists of files and of keys that it refused.
 */
function namesOf(payload: JsonObject): { provider: string; model: string | null } {
  const asked = textAt(payload, 'model', 128)
  const provider = textAt(payload, 'custom_llm_provider', 64) ?? prefixOf(asked) ?? 'unknown'
  const answered = textAt(objectAt(payload, 'response'), 'model', 128)
  // A proxy may write its own name for a group of models into the answer.
  const isGroup = answered !== null && answered === textAt(payload, 'model_group', 128)
  const model = (isGroup ? null : answered) ?? asked
  if (model !== null) return { provider, model: withoutPrefix(model, `${provider}/`) }
  return { provider, model: usedNothing(payload) ? null : 'unknown' }
}

const prefixOf = (model: string | null): string | null =>
  /^(?<provider>[\w-]{1,64})\/./.exec(model ?? '')?.groups?.provider ?? null

const withoutPrefix = (model: string, prefix: string): string =>
  model.startsWith(prefix) && model.length > prefix.length ? model.slice(prefix.length) : model

/** LiteLLM writes instants as seconds since 1970 with a fraction. */
function instantOf(seconds: number | null): string | null {
  const ms = seconds === null ? Number.NaN : Math.round(seconds * 1000)
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null
}

function latencyOf(payload: JsonObject): number {
  const [start, end] = [numberAt(payload, 'startTime'), numberAt(payload, 'endTime')]
  const seconds = start === null || end === null ? numberAt(payload, 'response_time') : end - start
  return durationMs(seconds ?? 0)
}

function firstTokenOf(payload: JsonObject): number | null {
  const [start, first] = [numberAt(payload, 'startTime'), numberAt(payload, 'completionStartTime')]
  return payload.stream === true && start !== null && first !== null ? durationMs(first - start) : null
}

/** A clock that was set back during the call makes no negative duration. */
const durationMs = (seconds: number): number => Math.min(Math.max(0, Math.round(seconds * 1000)), DAY_MS)

/** Whom LiteLLM names for every call with its master key: nobody. */
const MASTER_KEY_OWNER = 'default_user_id'

/** Who the call was made for, as the caller said it; else whose key of LiteLLM it was. Never an email address. */
function userOf(payload: JsonObject): string | null {
  const metadata = objectAt(payload, 'metadata')
  const owner = textAt(metadata, 'user_api_key_user_id', NAME_CHARS_MAX)
  return (
    textAt(payload, 'end_user', NAME_CHARS_MAX) ??
    textAt(metadata, 'user_api_key_end_user_id', NAME_CHARS_MAX) ??
    textAt(objectAt(payload, 'model_parameters'), 'user', NAME_CHARS_MAX) ??
    (owner === MASTER_KEY_OWNER ? null : owner)
  )
}

const withoutNulls = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
