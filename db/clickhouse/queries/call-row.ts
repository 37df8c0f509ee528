/** A call, and what its adjustments add up to, as ClickHouse answers them (calls-to-reprice.ts). */
import { EVENT_STATUSES, type EventStatus, type TokenUsage } from '../../../core/event/usage-event.ts'
import { nanoUsd } from '../../../core/money.ts'
import type { CallSoFar } from '../../../core/pricing/reprice-event.ts'

export const TOKEN_COLUMNS = [
  'tokens_in',
  'tokens_out',
  'tokens_cache_read',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
  'tokens_reasoning',
  'tokens_audio_in',
  'tokens_audio_out',
] as const
type TokenColumn = (typeof TOKEN_COLUMNS)[number]

export interface CallRow extends Record<TokenColumn, string> {
  org_id: string
  project_id: string
  api_key_id: string
  environment: string
  request_id: string
  attempt: string
  ts: string
  user_id: string | null
  route: string | null
  session_id: string | null
  provider: string
  model: string
  service_tier: string | null
  tokens_estimated: boolean
  raw_usage: string | null
  cost_nano_usd: string | null
  streamed: boolean
  status: string
  trace_id: string | null
  span_id: string | null
  tags: Record<string, string>
  sampled: boolean
}

export interface AdjustedRow extends Record<`sum_${TokenColumn}`, string> {
  project_id: string
  ts: string
  call_request_id: string
  attempt: string
  cost: string
  unpriced: string
  adjustments: string
}

export function fromDbCall(row: CallRow, adjusted: AdjustedRow | undefined): CallSoFar {
  const tokens = tokensOf((column) => Number(row[column]))
  const unpriced = (row.cost_nano_usd === null ? 1 : 0) + Number(adjusted?.unpriced ?? 0)
  const cost = nanoUsd(BigInt(row.cost_nano_usd ?? 0) + BigInt(adjusted?.cost ?? 0))
  return {
    call: {
      orgId: row.org_id,
      projectId: row.project_id,
      apiKeyId: row.api_key_id,
      environment: row.environment,
      requestId: row.request_id,
      attempt: Number(row.attempt),
      ts: new Date(row.ts),
      userId: row.user_id,
      route: row.route,
      sessionId: row.session_id,
      provider: row.provider,
      model: row.model,
      serviceTier: row.service_tier,
      tokens,
      tokensEstimated: row.tokens_estimated,
      rawUsage: row.raw_usage,
      streamed: row.streamed,
      status: statusOf(row.status),
      traceId: row.trace_id,
      spanId: row.span_id,
      tags: row.tags,
      sampled: row.sampled,
    },
    cost: unpriced > 0 ? null : cost,
    tokens: tokensOf((column) => Number(row[column]) + Number(adjusted?.[`sum_${column}`] ?? 0)),
    adjustments: Number(adjusted?.adjustments ?? 0),
  }
}

const tokensOf = (count: (column: TokenColumn) => number): TokenUsage => ({
  in: count('tokens_in'),
  out: count('tokens_out'),
  cacheRead: count('tokens_cache_read'),
  cacheWrite5m: count('tokens_cache_write_5m'),
  cacheWrite1h: count('tokens_cache_write_1h'),
  reasoning: count('tokens_reasoning'),
  audioIn: count('tokens_audio_in'),
  audioOut: count('tokens_audio_out'),
})

function statusOf(text: string): EventStatus {
  const known = EVENT_STATUSES.find((status) => status === text)
  if (known === undefined) throw new Error(`ClickHouse holds an event of the status ${text}`)
  return known
}
