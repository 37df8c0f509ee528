-- The rollups: what each hour came to, by every dimension that a chart asks for. Users have one of their own, as they
-- are many: crossed with everything else they would make a rollup as long as the raw rows.
--
-- An hour is rolled up by writing all its rows anew in both under a generation of its own, and then naming that generation in
-- rolled_hours, in one insert. Readers follow rolled_hours only. So a crash in the middle leaves a generation that
-- nobody reads, a dimension that vanished vanishes, and running twice changes nothing. ReplacingMergeTree does none of
-- this by itself: it keeps rows that the newer version lacks, and shows half a replacement while it is being written.
CREATE TABLE IF NOT EXISTS spend_hourly
(
    org_id            LowCardinality(String),
    project_id        LowCardinality(String),
    hour              DateTime('UTC'),
    generation        UUID,
    provider          LowCardinality(String),
    model             LowCardinality(String),
    route             LowCardinality(Nullable(String)),
    api_key_id        LowCardinality(String),
    environment       LowCardinality(String),
    status            LowCardinality(String),
    events            Int64 CODEC(T64, ZSTD(1)),
    cost_nano_usd     Int64 CODEC(T64, ZSTD(1)),
    unpriced_events   Int64 CODEC(T64, ZSTD(1)),
    tokens_in         Int64 CODEC(T64, ZSTD(1)),
    tokens_out        Int64 CODEC(T64, ZSTD(1)),
    tokens_cache_read Int64 CODEC(T64, ZSTD(1)),
    latency_state     AggregateFunction(quantilesDD(0.01, 0.5, 0.95), Int64),
    ttft_state        AggregateFunction(quantilesDD(0.01, 0.5, 0.95), Int64),
    -- The server's clock, for sweeping what nobody reads any more; no answer depends on it.
    written_at        DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (org_id, project_id, hour, generation);

CREATE TABLE IF NOT EXISTS user_spend_hourly
(
    org_id            LowCardinality(String),
    project_id        LowCardinality(String),
    hour              DateTime('UTC'),
    generation        UUID,
    user_id           Nullable(String),
    events            Int64 CODEC(T64, ZSTD(1)),
    cost_nano_usd     Int64 CODEC(T64, ZSTD(1)),
    unpriced_events   Int64 CODEC(T64, ZSTD(1)),
    tokens_in         Int64 CODEC(T64, ZSTD(1)),
    tokens_out        Int64 CODEC(T64, ZSTD(1)),
    tokens_cache_read Int64 CODEC(T64, ZSTD(1)),
    written_at        DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (org_id, project_id, hour, generation);

-- Which generation of an hour is the one to read: the highest sequence. `events` is how many it holds; an hour whose
-- raw rows are more than that has late events, and is read raw until it is rolled again.
CREATE TABLE IF NOT EXISTS rolled_hours
(
    org_id      LowCardinality(String),
    hour        DateTime('UTC'),
    sequence    Int64,
    generation  UUID,
    events      Int64,
    rolled_at   DateTime64(3, 'UTC'),
    switched_at DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (org_id, hour, sequence);
