/**
 * The columns of an archived event: name and ClickHouse type, in the order of the table and of the Parquet files.
 * Invariant: the same names and types as the table `events` (db/clickhouse/migrations), whose LowCardinality is only
 * how it stores what is written here as it is.
 */
const ARCHIVE_COLUMNS = [
  ['org_id', 'String'],
  ['project_id', 'String'],
  ['api_key_id', 'String'],
  ['environment', 'String'],
  ['request_id', 'String'],
  ['attempt', 'Int64'],
  ['ts', "DateTime64(3, 'UTC')"],
  ['user_id', 'Nullable(String)'],
  ['route', 'Nullable(String)'],
  ['session_id', 'Nullable(String)'],
  ['provider', 'String'],
  ['model', 'String'],
  ['service_tier', 'Nullable(String)'],
  ['tokens_in', 'Int64'],
  ['tokens_out', 'Int64'],
  ['tokens_cache_read', 'Int64'],
  ['tokens_cache_write_5m', 'Int64'],
  ['tokens_cache_write_1h', 'Int64'],
  ['tokens_reasoning', 'Int64'],
  ['tokens_audio_in', 'Int64'],
  ['tokens_audio_out', 'Int64'],
  ['tokens_estimated', 'Bool'],
  ['raw_usage', 'Nullable(String)'],
  ['cost_nano_usd', 'Nullable(Int64)'],
  ['cost_source', 'String'],
  ['price_version', 'Nullable(String)'],
  ['reported_cost_nano_usd', 'Nullable(Int64)'],
  ['latency_ms', 'Int64'],
  ['ttft_ms', 'Nullable(Int64)'],
  ['streamed', 'Bool'],
  ['status', 'String'],
  ['source', 'String'],
  ['provider_response_id', 'Nullable(String)'],
  ['trace_id', 'Nullable(String)'],
  ['span_id', 'Nullable(String)'],
  ['tags', 'Map(String, String)'],
  ['metadata', 'String'],
  ['sampled', 'Bool'],
  ['received_at', "DateTime64(3, 'UTC')"],
  ['journal_id', 'String'],
  ['journal_offset', 'Int64'],
  ['adjusts_request_id', 'Nullable(String)'],
  ['calls', 'Int64'],
  ['unpriced_calls', 'Int64'],
] as const

export type EventColumn = (typeof ARCHIVE_COLUMNS)[number][0]

export const EVENT_COLUMNS: readonly (readonly [name: EventColumn, type: string])[] = ARCHIVE_COLUMNS

/**
 * What a reader needs of every row, at the front, so that the ledger reads a row without its rest. The first three are
 * of one length, so that the offset can be filled in once it is known.
 */
const HEAD: readonly EventColumn[] = [
  'journal_offset',
  'ts',
  'attempt',
  'cost_nano_usd',
  'org_id',
  'project_id',
  'request_id',
  'source',
  'provider_response_id',
]

/** The columns in the order in which a row holds them: the head, then all others in the order of the table. */
export const ROW_COLUMNS: readonly (readonly [name: EventColumn, type: string])[] = [
  ...HEAD.flatMap((name) => EVENT_COLUMNS.filter(([column]) => column === name)),
  ...EVENT_COLUMNS.filter(([column]) => !HEAD.includes(column)),
]
