/** A delivery as Socket Mode wraps it, and what an app may answer to it. */
import { randomUUID } from 'node:crypto'
import type { Parcel } from './deliver.ts'
import { isObject, type Json } from './validate-shape.ts'

export interface Envelope {
  readonly envelope_id: string
  readonly type: 'slash_commands' | 'interactive' | 'events_api'
  readonly accepts_response_payload: boolean
  readonly payload: Json
  readonly retry_attempt?: number
  readonly retry_reason?: string
}

/** What HTTP carries in its body, without the signature: the connection itself says who sends. */
export function envelopeOf(parcel: Parcel): Envelope {
  const envelope_id = randomUUID()
  if (parcel.contentType === 'application/json') {
    return {
      envelope_id,
      type: 'events_api',
      accepts_response_payload: false,
      payload: objectIn(parcel.body),
      retry_attempt: parcel.retry?.num ?? 0,
      // There is no HTTP in it: what is `http_timeout` there is `timeout` here.
      retry_reason: parcel.retry?.reason.replace(/^http_/, '') ?? '',
    }
  }
  const form = Object.fromEntries(new URLSearchParams(parcel.body))
  if (form.payload === undefined)
    return { envelope_id, type: 'slash_commands', accepts_response_payload: true, payload: form }
  const payload = objectIn(form.payload)
  return {
    envelope_id,
    type: 'interactive',
    accepts_response_payload: payload.type === 'view_submission' || payload.type === 'block_suggestion',
    payload,
  }
}

export interface Ack {
  readonly envelopeId: string
  readonly payload: Json | null
}

/** Null when it is no acknowledgement. An empty payload says as much as none. */
export function readAck(text: string): Ack | null {
  const said = objectIn(text)
  const { envelope_id: envelopeId, payload } = said
  if (typeof envelopeId !== 'string') return null
  if (payload !== undefined && payload !== null && !isObject(payload)) return null
  return { envelopeId, payload: isObject(payload) && Object.keys(payload).length > 0 ? payload : null }
}

function objectIn(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    // What is no JSON says nothing.
    return {}
  }
}
