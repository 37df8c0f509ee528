-- Adjustments: rows beside a call that correct its cost (core/event/adjustment.ts). Calls are counted by adding up
-- `calls`, since rows are no longer all calls. What was written before these columns was: the defaults say so, for parts
-- and for files of the archive alike.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS adjusts_request_id Nullable(String),
    ADD COLUMN IF NOT EXISTS calls Int64 DEFAULT 1 CODEC(T64, ZSTD(1)),
    ADD COLUMN IF NOT EXISTS unpriced_calls Int64 DEFAULT isNull(cost_nano_usd) CODEC(T64, ZSTD(1));

-- An hour has grown when it has more rows than were rolled up, adjustments included: rolled_hours.events is from now on
-- the sum of this column, and `events` here the number of calls.
ALTER TABLE spend_hourly
    ADD COLUMN IF NOT EXISTS row_count Int64 DEFAULT events CODEC(T64, ZSTD(1));
