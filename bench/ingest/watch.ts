/**
 * Looks at the stores and the processes while a load runs. What it asks is cheap: two rows of Postgres twenty times a
 * second, and ClickHouse's count, which it keeps ready, once a second.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Seen } from './lag.ts'
import { type Costs, readCosts } from './process-cost.ts'
import type { Stage } from './stage.ts'

/** How many events of the journal each reader has passed: the ledger's and the archive's saved positions. */
export interface Positions {
  readonly ledger: number
  /** Saved after ClickHouse has answered the insert of what it passes. */
  readonly archive: number
}

export interface Watched {
  readonly ledger: readonly Seen[]
  readonly clickhouse: readonly Seen[]
  readonly costs: readonly { readonly atMs: number; readonly costs: Costs }[]
  /** How often ClickHouse held less than the archive's position said. */
  readonly ahead: number
}

const LOOK_EVERY_MS = 50
const COUNT_EVERY_LOOKS = 20
const COST_EVERY_LOOKS = 20

const nowMs = () => performance.timeOrigin + performance.now()

export async function readPositions({ postgres }: Pick<Stage, 'postgres'>): Promise<Positions> {
  const rows = await postgres.tables.execute<{ reader: string; events: string }>(
    sql`select reader, sum(next_offset) as events from journal_readers group by reader`,
  )
  const of = (reader: string) => Number(rows.find((row) => row.reader === reader)?.events ?? 0)
  return { ledger: of('ledger'), archive: of('archive') }
}

export async function countClickHouse({ clickhouse }: Pick<Stage, 'clickhouse'>): Promise<number> {
  const result = await clickhouse.query({ query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' })
  const [row] = await result.json<{ n: string }>()
  return Number(row?.n ?? 0)
}

/** Begins when nothing is under way; `stop` gives what was seen, in events since then. */
export async function startWatch(stage: Stage): Promise<{ stop: () => Promise<Watched> }> {
  const first = await readPositions(stage)
  const rowsFirst = await countClickHouse(stage)
  const ledger: Seen[] = []
  const clickhouse: Seen[] = []
  const costs: { atMs: number; costs: Costs }[] = [{ atMs: nowMs(), costs: await readCosts(stage.pids) }]
  let ahead = 0
  let stopped = false
  const look = async (turn: number): Promise<void> => {
    const { ledger: counted, archive } = await readPositions(stage)
    const atMs = nowMs()
    ledger.push({ atMs, events: counted - first.ledger })
    clickhouse.push({ atMs, events: archive - first.archive })
    if (turn % COST_EVERY_LOOKS === 0) costs.push({ atMs: nowMs(), costs: await readCosts(stage.pids) })
    if (turn % COUNT_EVERY_LOOKS !== 0) return
    if ((await countClickHouse(stage)) - rowsFirst < archive - first.archive) ahead += 1
  }
  const loop = async () => {
    for (let turn = 0; !stopped; turn++) {
      const nextMs = nowMs() + LOOK_EVERY_MS
      await look(turn)
      await sleep(Math.max(0, nextMs - nowMs()))
    }
  }
  const ended = loop()
  // Heard by whoever stops the watch, which may be much later.
  ended.catch(() => undefined)
  return {
    stop: async () => {
      stopped = true
      await ended
      await look(0)
      costs.push({ atMs: nowMs(), costs: await readCosts(stage.pids) })
      return { ledger, clickhouse, costs, ahead }
    },
  }
}
