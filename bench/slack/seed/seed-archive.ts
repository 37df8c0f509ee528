/** Fills the archive: raw calls, and the rollups of every hour that has ended; the open one stays raw, as in life. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClickHouse } from '../../../db/clickhouse/open.ts'
import { hoursToRoll } from '../../../db/clickhouse/rollup.ts'
import { DAYS, INSERT_CALLS } from './calls-sql.ts'
import { ROLL_UP } from './rollups-sql.ts'

export interface SeededProject {
  readonly id: string
  readonly name: string
  readonly keyIds: readonly [string, string]
}

export interface Seed {
  readonly orgId: string
  readonly projects: readonly SeededProject[]
  readonly rows: number
  /** When the calls end. */
  readonly at: Date
}

const ROWS_AT_ONCE = 500_000
const DAYS_AT_ONCE = 3
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SETTLED_WITHIN_MS = 120_000

export async function seedArchive(clickhouse: ClickHouse, seed: Seed): Promise<void> {
  const { orgId, projects, rows, at } = seed
  const of = {
    ...{ orgId, rows, endMs: at.getTime() },
    projects: projects.map(({ id }) => id),
    keys: projects.flatMap(({ keyIds }) => keyIds),
  }
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const query_params = { ...of, from, count: Math.min(ROWS_AT_ONCE, rows - from) }
    await clickhouse.command({ query: INSERT_CALLS, query_params })
  }
  await rollUp(clickhouse, seed)
  const [due] = await hoursToRoll(clickhouse, { before: at })
  if (due !== undefined) throw new Error(`the rollup of ${due.toISOString()} lacks calls that are seeded`)
  await untilMerged(clickhouse)
}

async function rollUp(clickhouse: ClickHouse, { orgId, at }: Seed): Promise<void> {
  const ended = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS
  const first = Math.floor((at.getTime() - DAYS * DAY_MS) / HOUR_MS) * HOUR_MS
  for (let from = first; from < ended; from += DAYS_AT_ONCE * DAY_MS) {
    const until = new Date(Math.min(ended, from + DAYS_AT_ONCE * DAY_MS))
    for (const query of ROLL_UP)
      await clickhouse.command({ query, query_params: { orgId, from: new Date(from), until } })
  }
}

/** What was written in a minute is merged as what was written in 90 days is: parts by the hundred are not how it stands. */
async function untilMerged(clickhouse: ClickHouse): Promise<void> {
  const lateMs = performance.now() + SETTLED_WITHIN_MS
  while (performance.now() < lateMs) {
    const result = await clickhouse.query({
      query: 'SELECT count() AS running FROM system.merges WHERE database = currentDatabase()',
      format: 'JSONEachRow',
    })
    const [row] = await result.json<{ running: string }>()
    if (Number(row?.running ?? 0) === 0) return
    await sleep(500)
  }
}

export interface DayOfProject {
  readonly projectId: string
  readonly day: string
  readonly spent: bigint
  readonly events: number
  readonly unpricedEvents: number
}

/** What the ledger would have counted, had it admitted them. */
export async function readDays(clickhouse: ClickHouse, orgId: string): Promise<DayOfProject[]> {
  const result = await clickhouse.query({
    query: `SELECT project_id, toString(toDate(ts)) AS day, sum(ifNull(cost_nano_usd, 0)) AS spent, sum(calls) AS events,
        sum(unpriced_calls) AS unpriced
      FROM events WHERE org_id = {orgId:String} GROUP BY project_id, day ORDER BY project_id, day`,
    query_params: { orgId },
    format: 'JSONEachRow',
  })
  const rows = await result.json<Record<'project_id' | 'day' | 'spent' | 'events' | 'unpriced', string>>()
  return rows.map((row) => ({
    projectId: row.project_id,
    day: row.day,
    spent: BigInt(row.spent),
    events: Number(row.events),
    unpricedEvents: Number(row.unpriced),
  }))
}
