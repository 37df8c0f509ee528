/**
 * What budgets with a filter ask of a call, read from its row: only for calls of a project that has such a budget, as it
 * goes through most of the row. Follows the order of ROW_COLUMNS; a test reads back what encodeRows wrote.
 */
import type { CallFacts } from '../../core/budget/scope.ts'
import type { TokenUsage } from '../../core/event/usage-event.ts'
import { TOKEN_CLASSES } from '../../core/usage/token-laws.ts'
import {
  type RowCursor,
  skipNullable,
  skipText,
  takeNullableText,
  takeText,
  takeTextMap,
} from './row-cursor.ts'
import { textsAt } from './row-head.ts'

const INTEGER_BYTES = 8

export function readCallFacts(row: Buffer): CallFacts {
  const cursor = { row, at: textsAt(row) }
  const projectId = takeProject(cursor)
  const caller = takeCaller(cursor)
  skipUsageAndCost(cursor)
  skipNullable(cursor, skipText) // trace_id
  skipNullable(cursor, skipText) // span_id
  return { projectId, ...caller, tags: takeTextMap(cursor) }
}

/** What a call without a price is estimated by: the first two of TOKEN_CLASSES. */
export function readUsedTokens(row: Buffer): Pick<TokenUsage, 'in' | 'out'> {
  const cursor = { row, at: textsAt(row) }
  takeProject(cursor)
  takeCaller(cursor)
  const tokensAt = (at: number): number => Number(row.readBigInt64LE(at))
  return { in: tokensAt(cursor.at), out: tokensAt(cursor.at + INTEGER_BYTES) }
}

function takeProject(cursor: RowCursor): string {
  skipText(cursor) // org_id
  const projectId = takeText(cursor)
  skipText(cursor) // request_id
  skipText(cursor) // source
  skipNullable(cursor, skipText) // provider_response_id
  return projectId
}

function takeCaller(cursor: RowCursor): Omit<CallFacts, 'projectId' | 'tags'> {
  const apiKeyId = takeText(cursor)
  const environment = takeText(cursor)
  const userId = takeNullableText(cursor)
  const route = takeNullableText(cursor)
  skipNullable(cursor, skipText) // session_id
  const provider = takeText(cursor)
  const model = takeText(cursor)
  skipNullable(cursor, skipText) // service_tier
  return { apiKeyId, environment, userId, route, provider, model }
}

function skipUsageAndCost(cursor: RowCursor): void {
  skipBytes(cursor, TOKEN_CLASSES.length * INTEGER_BYTES)
  skipBytes(cursor, 1) // tokens_estimated
  skipNullable(cursor, skipText) // raw_usage
  skipText(cursor) // cost_source
  skipNullable(cursor, skipText) // price_version
  skipNullable(cursor, skipInteger) // reported_cost_nano_usd
  skipInteger(cursor) // latency_ms
  skipNullable(cursor, skipInteger) // ttft_ms
  skipBytes(cursor, 1) // streamed
  skipText(cursor) // status
}

const skipInteger = (cursor: RowCursor): void => skipBytes(cursor, INTEGER_BYTES)

function skipBytes(cursor: RowCursor, bytes: number): void {
  cursor.at += bytes
}
