/** A call with what its adjustments came to, as ClickHouse answers it (calls-to-reprice.ts). */
import { EVENT_STATUSES, type EventStatus } from '../../../core/event/usage-event.ts'
import { nanoUsd } from '../../../core/money.ts'
import type { CallSoFar } from '../../../core/pricing/reprice-event.ts'

export interface CallRow {
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
  streamed: boolean
  status: string
  trace_id: string | null
  span_id: string | null
  tags: Record<string, string>
  sampled: boolean
  cost_so_far: string
  unpriced_so_far: string
  so_far_tokens_in: string
  so_far_tokens_out: string
  so_far_tokens_cache_read: string
  so_far_tokens_cache_write_5m: string
  so_far_tokens_cache_write_1h: string
  so_far_tokens_reasoning: string
  so_far_tokens_audio_in: string
  so_far_tokens_audio_out: string
  adjustments: string
}

export function fromDbCall(row: CallRow): CallSoFar {
  const tokens = {
    in: Number(row.so_far_tokens_in),
    out: Number(row.so_far_tokens_out),
    cacheRead: Number(row.so_far_tokens_cache_read),
    cacheWrite5m: Number(row.so_far_tokens_cache_write_5m),
    cacheWrite1h: Number(row.so_far_tokens_cache_write_1h),
    reasoning: Number(row.so_far_tokens_reasoning),
    audioIn: Number(row.so_far_tokens_audio_in),
    audioOut: Number(row.so_far_tokens_audio_out),
  }
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
    cost: Number(row.unpriced_so_far) > 0 ? null : nanoUsd(BigInt(row.cost_so_far)),
    tokens,
    adjustments: Number(row.adjustments),
  }
}

function statusOf(text: string): EventStatus {
  const known = EVENT_STATUSES.find((status) => status === text)
  if (known === undefined) throw new Error(`ClickHouse holds an event of the status ${text}`)
  return known
}
