/**
 * The columns of an archived event, in order: name, Parquet type, and how each is read from the event.
 * Invariant: the same names and types as the table `events` (db/clickhouse/migrations), which takes the file as it is.
 */
import type { SchemaElement } from 'hyparquet'
import { callsOf, unpricedCallsOf } from '../../core/event/adjustment.ts'
import type { ArchivedEvent } from '../../core/event/usage-event.ts'

export type ColumnType = 'string' | 'int64' | 'boolean' | 'timestamp' | 'string_map'
export type ColumnValue = string | bigint | boolean | Date | ReadonlyMap<string, string> | null

export interface EventColumn {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  readonly pick: (event: ArchivedEvent) => ColumnValue
}

const required = (name: string, type: ColumnType, pick: EventColumn['pick']): EventColumn => ({
  name,
  type,
  nullable: false,
  pick,
})
const text = (name: string, pick: (event: ArchivedEvent) => string) => required(name, 'string', pick)
const flag = (name: string, pick: (event: ArchivedEvent) => boolean) => required(name, 'boolean', pick)
const instant = (name: string, pick: (event: ArchivedEvent) => Date) => required(name, 'timestamp', pick)
/** BigInt() throws on a fraction and on NaN: a broken count is refused here, not rounded into the archive. */
const count = (name: string, pick: (event: ArchivedEvent) => number) =>
  required(name, 'int64', (event) => BigInt(pick(event)))
const optionalText = (name: string, pick: (event: ArchivedEvent) => string | null): EventColumn => ({
  ...required(name, 'string', pick),
  nullable: true,
})
const optionalInteger = (name: string, pick: (event: ArchivedEvent) => bigint | null): EventColumn => ({
  ...required(name, 'int64', pick),
  nullable: true,
})

export const EVENT_COLUMNS: readonly EventColumn[] = [
  text('org_id', (event) => event.orgId),
  text('project_id', (event) => event.projectId),
  text('api_key_id', (event) => event.apiKeyId),
  text('environment', (event) => event.environment),
  text('request_id', (event) => event.requestId),
  count('attempt', (event) => event.attempt),
  instant('ts', (event) => event.ts),
  optionalText('user_id', (event) => event.userId),
  optionalText('route', (event) => event.route),
  optionalText('session_id', (event) => event.sessionId),
  text('provider', (event) => event.provider),
  text('model', (event) => event.model),
  optionalText('service_tier', (event) => event.serviceTier),
  count('tokens_in', (event) => event.tokens.in),
  count('tokens_out', (event) => event.tokens.out),
  count('tokens_cache_read', (event) => event.tokens.cacheRead),
  count('tokens_cache_write_5m', (event) => event.tokens.cacheWrite5m),
  count('tokens_cache_write_1h', (event) => event.tokens.cacheWrite1h),
  count('tokens_reasoning', (event) => event.tokens.reasoning),
  count('tokens_audio_in', (event) => event.tokens.audioIn),
  count('tokens_audio_out', (event) => event.tokens.audioOut),
  flag('tokens_estimated', (event) => event.tokensEstimated),
  optionalText('raw_usage', (event) => event.rawUsage),
  optionalInteger('cost_nano_usd', (event) => event.cost),
  text('cost_source', (event) => event.costSource),
  optionalText('price_version', (event) => event.priceVersion),
  optionalInteger('reported_cost_nano_usd', (event) => event.reportedCost),
  count('latency_ms', (event) => event.latencyMs),
  optionalInteger('ttft_ms', (event) => (event.ttftMs === null ? null : BigInt(event.ttftMs))),
  flag('streamed', (event) => event.streamed),
  text('status', (event) => event.status),
  text('source', (event) => event.source),
  optionalText('provider_response_id', (event) => event.providerResponseId),
  optionalText('trace_id', (event) => event.traceId),
  optionalText('span_id', (event) => event.spanId),
  // Sorted, so that the same tags are the same bytes whatever order they were told in.
  required('tags', 'string_map', (event) => new Map(Object.entries(event.tags).sort(byKey))),
  text('metadata', (event) => event.metadata),
  flag('sampled', (event) => event.sampled),
  instant('received_at', (event) => event.receivedAt),
  text('journal_id', (event) => event.journalId),
  count('journal_offset', (event) => event.journalOffset),
  optionalText('adjusts_request_id', (event) => event.adjusts?.requestId ?? null),
  count('calls', callsOf),
  count('unpriced_calls', unpricedCallsOf),
]

const byKey = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : a > b ? 1 : 0)

export const EVENT_SCHEMA: readonly SchemaElement[] = [
  { name: 'event', num_children: EVENT_COLUMNS.length },
  ...EVENT_COLUMNS.flatMap(schemaOf),
]

function schemaOf({ name, type, nullable }: EventColumn): SchemaElement[] {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED'
  switch (type) {
    case 'string':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type }]
    case 'int64':
      return [{ name, type: 'INT64', repetition_type }]
    case 'boolean':
      return [{ name, type: 'BOOLEAN', repetition_type }]
    case 'timestamp':
      return [{ name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type }]
    case 'string_map':
      return [
        { name, converted_type: 'MAP', num_children: 1, repetition_type },
        { name: 'key_value', num_children: 2, repetition_type: 'REPEATED' },
        { name: 'key', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'value', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      ]
  }
}
