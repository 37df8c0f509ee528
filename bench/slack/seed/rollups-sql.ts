/**
 * The rollups of many hours at once, as db/clickhouse/rollup.ts writes them one hour after the other, which would take the
 * longest part of the run. The seed ends with that file's own question whether an hour is still due.
 */

const GENERATION = "toUUID(UUIDNumToString(sipHash128('seed', hour)))"
const MEASURES = 'events, cost_nano_usd, unpriced_events, tokens_in, tokens_out, tokens_cache_read'
const MEASURED = `sum(calls), sum(ifNull(cost_nano_usd, 0)), sum(unpriced_calls), sum(tokens_in), sum(tokens_out),
    sum(tokens_cache_read)`
const CALLS = `(SELECT *, toStartOfHour(ts) AS hour FROM events)
  WHERE org_id = {orgId:String} AND ts >= {from:DateTime64(3, 'UTC')} AND ts < {until:DateTime64(3, 'UTC')}`

const SPEND = `
  INSERT INTO spend_hourly (org_id, project_id, hour, generation, provider, model, route, api_key_id, environment, status,
    ${MEASURES}, row_count, latency_state, ttft_state)
  SELECT org_id, project_id, hour, ${GENERATION}, provider, model, route, api_key_id, environment, status,
    ${MEASURED}, count(),
    quantilesDDStateIf(0.01, 0.5, 0.95)(latency_ms, calls > 0),
    quantilesDDStateIf(0.01, 0.5, 0.95)(assumeNotNull(ttft_ms), isNotNull(ttft_ms))
  FROM ${CALLS}
  GROUP BY org_id, project_id, hour, provider, model, route, api_key_id, environment, status`

const USERS = `
  INSERT INTO user_spend_hourly (org_id, project_id, hour, generation, user_id, ${MEASURES})
  SELECT org_id, project_id, hour, ${GENERATION}, user_id, ${MEASURED}
  FROM ${CALLS}
  GROUP BY org_id, project_id, hour, user_id`

const SWITCH = `
  INSERT INTO rolled_hours (org_id, hour, sequence, generation, events, rolled_at)
  SELECT org_id, hour, 1, ${GENERATION}, count(), hour + INTERVAL 1 HOUR
  FROM ${CALLS}
  GROUP BY org_id, hour`

export const ROLL_UP: readonly string[] = [SPEND, USERS, SWITCH]
