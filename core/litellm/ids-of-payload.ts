/**
 * What tells one call of LiteLLM from another, and what it shares with other sources that saw the same call.
 *
 * `id` is the response's id where there is one, and `litellm_call_id` otherwise. Neither is enough alone: a failed
 * attempt and its retry share the call id, and some servers answer every call with the same response id. So identity
 * takes both, and the instant as well where no provider gave an id to what happened.
 */
import { hash } from 'node:crypto'
import type { JsonObject } from '../event/field-reader.ts'
import { numberAt, objectAt, textAt } from './payload-reader.ts'

const REQUEST_ID_CHARS_MAX = 128
const RESPONSE_ID_CHARS_MAX = 256
/** Far above any id: what is longer is no id. */
const ID_CHARS_MAX = 2048

/** The same on every resend; null when the payload names nothing to go by. */
export function requestIdOf(payload: JsonObject): string | null {
  const ids = ['litellm_call_id', 'id'].map((name) => textAt(payload, name, ID_CHARS_MAX))
  // LiteLLM writes the absence of an id as a text.
  const named = [...new Set(ids.filter((id) => id !== null && id !== 'None'))]
  const startedAt = String(numberAt(payload, 'startTime') ?? '')
  const fallback = named.length === 0 ? textAt(payload, 'trace_id', ID_CHARS_MAX) : null
  if (fallback !== null) named.push(fallback, startedAt)
  if (named.length === 0) return null
  if (payload.status === 'failure') named.push(`failed-${startedAt}`)
  const text = named.join(':')
  return text.length <= REQUEST_ID_CHARS_MAX ? text : hash('sha256', text, 'hex')
}

/** As whoever called through LiteLLM got it, which is how an SDK before a proxy and LiteLLM tell of one call. */
export function responseIdOf(payload: JsonObject): string | null {
  const answered = textAt(objectAt(payload, 'response'), 'id', RESPONSE_ID_CHARS_MAX)
  if (answered !== null || payload.status === 'failure') return answered
  // With message logging turned off the answer is gone and its id still stands here.
  const id = textAt(payload, 'id', RESPONSE_ID_CHARS_MAX)
  return id === null || id === payload.litellm_call_id || UUID.test(id) ? null : id
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
