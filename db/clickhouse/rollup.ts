/**
 * Rolls raw events up by hour, and says which hours are due.
 * Invariant: an organisation's hour is replaced whole or not at all. Its rows are written under a generation of their
 * own and become visible by one row in rolled_hours; why, and why not ReplacingMergeTree, stands in
 * migrations/0002-spend-hourly.sql.
 */
import { randomUUID } from 'node:crypto'
import type { ClickHouse } from './open.ts'

const HOUR_MS = 3_600_000

/** Hours that one call of hoursToRoll returns at most, the earliest first: a month. The next call has the rest. */
const HOURS_MAX = 744

/** The generation that readers follow. Two that were rolled at once share a sequence; either is whole. */
const NEWEST = '(sequence, generation)'

/**
 * Organisations with more raw rows in an hour than their newest generation holds, adjustments included. Fewer is no reason: raw rows are
 * sampled and expire, and what they came to must outlive them.
 */
const GROWN_HOURS = `
  SELECT org_id, hour
  FROM (SELECT org_id, toStartOfHour(ts) AS hour, count() AS raw_events FROM events GROUP BY org_id, hour) AS raw
  LEFT JOIN (SELECT org_id, hour, argMax(events, ${NEWEST}) AS rolled_events
             FROM rolled_hours GROUP BY org_id, hour) AS rolled
  USING (org_id, hour)
  WHERE raw_events > rolled_events`

/** The hours that ended by `before` and have events archived since they were last rolled, or never were. */
export async function hoursToRoll(clickhouse: ClickHouse, { before }: { before: Date }): Promise<Date[]> {
  const result = await clickhouse.query({
    query: `SELECT DISTINCT hour FROM (${GROWN_HOURS}) WHERE hour < {ended:DateTime('UTC')}
      ORDER BY hour LIMIT {hoursMax:UInt32}`,
    query_params: { ended: new Date(before.getTime() - (before.getTime() % HOUR_MS)), hoursMax: HOURS_MAX },
    format: 'JSONEachRow',
  })
  return (await result.json<{ hour: string }>()).map((row) => new Date(row.hour))
}

/**
 * Rolls up the hour that begins at `hour`, for every organisation that has grown in it since; doing it again, at the
 * same `at` or another, changes nothing. Returns how many raw rows it summed.
 */
export async function rollUpHour(clickhouse: ClickHouse, hour: Date, at: Date): Promise<{ events: number }> {
  if (hour.getTime() % HOUR_MS !== 0) throw new RangeError(`no hour begins at ${hour.toISOString()}`)
  const generation = randomUUID()
  await clickhouse.command({ query: WRITE_SPEND, query_params: { hour, generation } })
  await clickhouse.command({ query: WRITE_USER_SPEND, query_params: { hour, generation } })
  await clickhouse.command({ query: SWITCH_GENERATION, query_params: { hour, generation, at } })
  const result = await clickhouse.query({
    query: 'SELECT sum(events) AS events FROM rolled_hours WHERE generation = {generation:UUID}',
    query_params: { generation },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ events: string }>()
  return { events: Number(row?.events ?? 0) }
}

/** Deletes generations that no reader can still be following. Harmless at any time, due about once a day. */
export async function sweepGenerations(clickhouse: ClickHouse): Promise<void> {
  for (const table of ['spend_hourly', 'user_spend_hourly']) {
    await clickhouse.command({
      query: `DELETE FROM ${table}
        WHERE written_at < now() - INTERVAL 1 DAY
          AND (org_id, hour) NOT IN (SELECT org_id, hour FROM rolled_hours WHERE switched_at > now() - INTERVAL 1 HOUR)
          AND (org_id, hour, generation) NOT IN
            (SELECT org_id, hour, argMax(generation, ${NEWEST}) FROM rolled_hours GROUP BY org_id, hour)`,
    })
  }
}

const MEASURES = 'events, cost_nano_usd, unpriced_events, tokens_in, tokens_out, tokens_cache_read'
/** Calls are added up, not counted: an adjustment is a row and no call (migrations/0003-adjustments.sql). */
const MEASURED = `sum(calls), sum(ifNull(cost_nano_usd, 0)), sum(unpriced_calls),
    sum(tokens_in), sum(tokens_out), sum(tokens_cache_read)`

/** `ts` is compared with milliseconds, for the reason that queries/source.ts gives. */
const EVENTS_OF_HOUR = `events
  WHERE org_id IN (SELECT org_id FROM (${GROWN_HOURS}) WHERE hour = {hour:DateTime('UTC')})
    AND ts >= {hour:DateTime64(3, 'UTC')} AND ts < {hour:DateTime64(3, 'UTC')} + INTERVAL 1 HOUR`

const WRITE_SPEND = `
  INSERT INTO spend_hourly (org_id, project_id, hour, generation, provider, model, route, api_key_id, environment,
    status, ${MEASURES}, row_count, latency_state, ttft_state)
  SELECT org_id, project_id, {hour:DateTime('UTC')}, {generation:UUID}, provider, model, route, api_key_id, environment,
    status, ${MEASURED}, count(),
    quantilesDDStateIf(0.01, 0.5, 0.95)(latency_ms, calls > 0),
    quantilesDDStateIf(0.01, 0.5, 0.95)(assumeNotNull(ttft_ms), isNotNull(ttft_ms))
  FROM ${EVENTS_OF_HOUR}
  GROUP BY org_id, project_id, provider, model, route, api_key_id, environment, status`

const WRITE_USER_SPEND = `
  INSERT INTO user_spend_hourly (org_id, project_id, hour, generation, user_id, ${MEASURES})
  SELECT org_id, project_id, {hour:DateTime('UTC')}, {generation:UUID}, user_id, ${MEASURED}
  FROM ${EVENTS_OF_HOUR}
  GROUP BY org_id, project_id, user_id`

/** Counts the rows that were written, not found: a late event or adjustment in between is then seen to be missing. */
const SWITCH_GENERATION = `
  INSERT INTO rolled_hours (org_id, hour, sequence, generation, events, rolled_at)
  SELECT org_id, {hour:DateTime('UTC')}, sequence_before + 1, {generation:UUID}, rows_written,
    {at:DateTime64(3, 'UTC')}
  FROM (SELECT org_id, sum(row_count) AS rows_written FROM spend_hourly
        WHERE hour = {hour:DateTime('UTC')} AND generation = {generation:UUID} GROUP BY org_id) AS written
  LEFT JOIN (SELECT org_id, max(sequence) AS sequence_before FROM rolled_hours
             WHERE hour = {hour:DateTime('UTC')} GROUP BY org_id) AS before
  USING (org_id)`
