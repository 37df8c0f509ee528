-- Every admitted event, one row each. Columns are named and typed as in db/parquet/event-columns.ts.
--
-- The projection counts the events of each organisation and hour. It is written with the part, so it agrees with the
-- rows at any moment, and tells for next to nothing which hours have grown since they were rolled up.
-- The deduplication window makes a resend with the same token harmless, other inserts in between included.
CREATE TABLE IF NOT EXISTS events
(
    org_id                 LowCardinality(String),
    project_id             LowCardinality(String),
    api_key_id             LowCardinality(String),
    environment            LowCardinality(String),
    request_id             String,
    attempt                Int64 CODEC(T64, ZSTD(1)),
    ts                     DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    user_id                Nullable(String),
    route                  LowCardinality(Nullable(String)),
    session_id             Nullable(String),
    provider               LowCardinality(String),
    model                  LowCardinality(String),
    service_tier           LowCardinality(Nullable(String)),
    tokens_in              Int64 CODEC(T64, ZSTD(1)),
    tokens_out             Int64 CODEC(T64, ZSTD(1)),
    tokens_cache_read      Int64 CODEC(T64, ZSTD(1)),
    tokens_cache_write_5m  Int64 CODEC(T64, ZSTD(1)),
    tokens_cache_write_1h  Int64 CODEC(T64, ZSTD(1)),
    tokens_reasoning       Int64 CODEC(T64, ZSTD(1)),
    tokens_audio_in        Int64 CODEC(T64, ZSTD(1)),
    tokens_audio_out       Int64 CODEC(T64, ZSTD(1)),
    tokens_estimated       Bool,
    raw_usage              Nullable(String) CODEC(ZSTD(3)),
    cost_nano_usd          Nullable(Int64),
    cost_source            LowCardinality(String),
    price_version          LowCardinality(Nullable(String)),
    reported_cost_nano_usd Nullable(Int64),
    latency_ms             Int64 CODEC(T64, ZSTD(1)),
    ttft_ms                Nullable(Int64),
    streamed               Bool,
    status                 LowCardinality(String),
    source                 LowCardinality(String),
    provider_response_id   Nullable(String),
    trace_id               Nullable(String),
    span_id                Nullable(String),
    tags                   Map(String, String),
    metadata               String CODEC(ZSTD(3)),
    sampled                Bool,
    received_at            DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    journal_id             LowCardinality(String),
    journal_offset         Int64 CODEC(DoubleDelta, ZSTD(1)),

    PROJECTION events_by_hour (SELECT org_id, toStartOfHour(ts), count() GROUP BY org_id, toStartOfHour(ts))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (org_id, project_id, ts, request_id, attempt)
SETTINGS
    non_replicated_deduplication_window = 10000,
    lightweight_mutation_projection_mode = 'rebuild';
