/**
 * Every error that this API can answer with: one closed table of code, status and what to do.
 * Invariant: whatever goes wrong, the body is `{"error": {code, message, docs}}` and says nothing of the inside.
 */
import { BATCH_EVENTS_MAX } from '../core/event/parse-batch.ts'
import { DEPTH_MAX } from './body/parse-json.ts'

export const BODY_BYTES_MAX = 2 * 1024 * 1024

interface ErrorEntry {
  readonly status: number
  readonly message: string
  /** Answered as `Retry-After`. */
  readonly retryAfterS?: number
}

const TABLE = {
  body_not_json: {
    status: 400,
    message: 'The body is not JSON in UTF-8; the docs show what this call takes.',
  },
  body_not_gzip: {
    status: 400,
    message:
      'The body is declared as gzip and is not, or is cut off; send it again whole, or without compression.',
  },
  body_not_batch: {
    status: 400,
    message: `The body is not a batch; send {"events": [...]} with 1 to ${BATCH_EVENTS_MAX} events.`,
  },
  body_not_hold: {
    status: 400,
    message: 'The body is not what this call takes; the docs show the fields of a hold and of a settlement.',
  },
  body_not_otlp: {
    status: 400,
    message:
      'The body is not an ExportTraceServiceRequest of OTLP in the encoding that its content type declares.',
  },
  body_too_deep: {
    status: 400,
    message: `The body has lists and objects nested more than ${DEPTH_MAX} deep; the docs show what this call takes.`,
  },
  request_malformed: {
    status: 400,
    message: 'The request is not well-formed HTTP for this call; compare its path and headers with the docs.',
  },
  fields_invalid: {
    status: 400,
    message: 'The body or the query has fields that are not as this call takes them; "fields" names each.',
  },
  idempotency_key_invalid: {
    status: 400,
    message: 'The header "Idempotency-Key" must be 1 to 128 printable characters, the same at every repeat.',
  },
  key_missing: {
    status: 401,
    message: 'There is no API key; send the header "Authorization: Bearer KEY".',
  },
  key_unknown: {
    status: 401,
    message: 'The API key is unknown; compare it with the one shown when it was made, or make a new one.',
  },
  key_revoked: { status: 401, message: 'The API key was revoked; use another one.' },
  key_expired: { status: 401, message: 'The API key has expired; make a new one.' },
  scope_missing: { status: 403, message: 'The API key lacks the scope that this call needs.' },
  person_missing: {
    status: 403,
    message: 'The API key names no person, in whose name it could manage; make one with --person.',
  },
  not_an_approver: {
    status: 403,
    message: 'The policy of this budget does not let the person of this key approve; ask one whom it does.',
  },
  own_request: {
    status: 403,
    message: 'Who asked for an override may not approve it; a second person has to.',
  },
  route_unknown: { status: 404, message: 'There is no such call; the docs list every path and method.' },
  budget_unknown: {
    status: 404,
    message: 'There is no such budget that this API key reaches; GET /v1/budgets lists them.',
  },
  project_unknown: {
    status: 404,
    message: 'There is no such project that this API key reaches.',
  },
  request_unknown: {
    status: 404,
    message: 'There is no such request that this API key reaches; GET /v1/override-requests lists them.',
  },
  override_unknown: {
    status: 404,
    message: 'No override of this budget is running.',
  },
  webhook_unknown: {
    status: 404,
    message: 'There is no such webhook of the organisation; GET /v1/webhooks lists them.',
  },
  delivery_unknown: {
    status: 404,
    message: 'This webhook has no such delivery; GET …/deliveries lists those of the last 30 days.',
  },
  webhooks_too_many: {
    status: 409,
    message: 'The organisation has as many webhooks as it can have; remove one of them first.',
  },
  webhook_disabled: {
    status: 409,
    message: 'The webhook is disabled, so nothing is sent there; PATCH it with {"enabled": true} first.',
  },
  secrets_overlapping: {
    status: 409,
    message:
      'Two secrets sign already; rotate again once the older one has ended, or with "overlap_s": 0, which ends both now.',
  },
  budgets_too_many: {
    status: 409,
    message: 'The organisation has as many budgets as it can have; end one of them first.',
  },
  override_refused: {
    status: 409,
    message: 'The override cannot be granted as things are.',
  },
  request_pending: {
    status: 409,
    message: 'A request for an override of this budget waits for a decision already; decide that one first.',
  },
  request_decided: {
    status: 409,
    message: 'The request was decided, or has expired; ask for another override.',
  },
  budget_changed: {
    status: 412,
    message:
      'The budget was changed since you read it; read it again, and send your change with what it is now.',
  },
  hold_unknown: {
    status: 404,
    message:
      'This project has no such hold; it is named by the hold_id of its grant, and forgotten some weeks after.',
  },
  body_too_large: {
    status: 413,
    message:
      'The body is larger, as sent or inflated, than this call takes; the docs state the limit, send smaller batches.',
  },
  content_type_unsupported: {
    status: 415,
    message:
      'The body is declared as something that this call does not take; send the header "Content-Type: application/json".',
  },
  encoding_unsupported: {
    status: 415,
    message:
      'The body is compressed in a way that is not taken; send it as "Content-Encoding: gzip" or as it is.',
  },
  idempotency_key_reused: {
    status: 422,
    message: 'The Idempotency-Key was used for another request; use a new one for each.',
  },
  precondition_missing: {
    status: 428,
    message:
      'Say which state you change: "If-Match" with the ETag that you read, or "limit_revision" in the body.',
  },
  headers_too_large: {
    status: 431,
    message: 'The headers are larger than 16 KiB together; leave out what this call does not ask for.',
  },
  request_timeout: {
    status: 408,
    message:
      'The request did not arrive in time, its head within 10 seconds and its whole within 30; send it again.',
  },
  rate_limited: {
    status: 429,
    message:
      'The API key made more requests in a minute than it may; send the same request again once Retry-After has passed, or put more events into each.',
    retryAfterS: 60,
  },
  keys_refused_too_often: {
    status: 429,
    message:
      'Too many requests from this address came without a valid API key; compare the key with the one shown when it was made.',
    retryAfterS: 60,
  },
  streams_too_many: {
    status: 429,
    message:
      'Too many streams, or calls that wait, are open with this API key; close some, or share one stream in each process.',
    retryAfterS: 10,
  },
  preview_running: {
    status: 429,
    message:
      'As many previews as may run at a time are running: one of an organisation, few in all; send the same request again.',
    retryAfterS: 5,
  },
  internal: {
    status: 500,
    message:
      'Something failed here. Send the same request again; its effect is the same however often it is sent.',
  },
  journal_full: {
    status: 503,
    message: 'No more events can be stored for the moment; nothing was taken, send the same batch again.',
    retryAfterS: 5,
  },
  unavailable: {
    status: 503,
    message: 'This cannot be answered for the moment; nothing was taken, send the same request again.',
    retryAfterS: 2,
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof TABLE

export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode
    readonly message: string
    readonly docs: string
    readonly fields?: readonly FieldProblem[]
  }
}

/** What is wrong with one field of a body or a query, and what was expected. */
export interface FieldProblem {
  readonly field: string
  readonly problem: string
}

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
}

/** What one refusal says in place of what the table does. */
export interface RefusalDetail {
  readonly message?: string
  readonly retryAfterS?: number
  readonly fields?: readonly FieldProblem[]
}

/** An expected refusal on its way out of a handler; a `detail` that is a text is its message. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly detail: RefusalDetail

  constructor(code: ErrorCode, detail: string | RefusalDetail = {}) {
    const given = typeof detail === 'string' ? { message: detail } : detail
    super(given.message ?? TABLE[code].message)
    this.name = 'Refusal'
    this.code = code
    this.detail = given
  }
}

export const isUnauthenticated = ({ code }: Refusal): boolean => TABLE[code].status === 401

export function answerOf(code: ErrorCode, detail: RefusalDetail = {}): ErrorAnswer {
  const entry: ErrorEntry = TABLE[code]
  const { message, retryAfterS, fields } = { fields: undefined, ...entry, ...detail }
  return {
    status: entry.status,
    headers: retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) },
    body: { error: { code, message, docs: 'docs/api.md', ...(fields === undefined ? {} : { fields }) } },
  }
}

export const ERROR_CODES = Object.freeze(Object.keys(TABLE))

/** What Fastify itself refuses, in our codes; null for a failure of ours. */
export function codeOfHttpError(error: {
  readonly code?: unknown
  readonly statusCode?: unknown
}): ErrorCode | null {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'body_too_large'
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'content_type_unsupported'
    default: {
      const status = typeof error.statusCode === 'number' ? error.statusCode : 500
      return status >= 400 && status < 500 ? 'request_malformed' : null
    }
  }
}
