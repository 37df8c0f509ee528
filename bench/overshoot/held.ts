/**
 * What the ledger holds of a case, when it came to hold it, and whether it is what the clients' calls say, to the
 * nano-dollar.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { identityOf } from '../../core/event/identity.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { nowMs } from './clock.ts'
import type { CaseProject } from './make-project.ts'

interface Made {
  readonly requestId: string
  readonly cost: bigint
}

const COUNTED_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 50

/** Looks which transactions of the ledger are committed; asks for little. */
export interface LedgerWatch {
  /** When each was first seen, by its id; looks once more before it says so. */
  stop(): Promise<ReadonlyMap<string, number>>
}

export function watchLedger({ tables }: Postgres): LedgerWatch {
  const seenAtMs = new Map<string, number>()
  let stopped = false
  const look = async () => {
    const rows = await tables.execute<{ xid: string }>(
      sql`select distinct xmin::text as xid from admitted_calls`,
    )
    const atMs = nowMs()
    for (const { xid } of rows) if (!seenAtMs.has(xid)) seenAtMs.set(xid, atMs)
  }
  const loop = async () => {
    while (!stopped) {
      await look()
      await sleep(LOOK_EVERY_MS)
    }
  }
  const ended = loop()
  // Heard by whoever stops the watch, which may be much later.
  ended.catch(() => undefined)
  return {
    stop: async () => {
      stopped = true
      await ended
      await look()
      return seenAtMs
    },
  }
}

/** When each call was counted, by its request id. Throws when anything does not agree. */
export async function readPosted(
  { postgres, watch }: { readonly postgres: Postgres; readonly watch: LedgerWatch },
  { projectId, budgetId }: CaseProject,
  calls: readonly Made[],
): Promise<ReadonlyMap<string, number>> {
  const spent = calls.reduce((sum, { cost }) => sum + cost, 0n)
  const expected = `${calls.length} calls of ${spent} nano-dollars`
  const giveUpAtMs = performance.now() + COUNTED_WITHIN_MS
  for (;;) {
    const found = await readTotals(postgres, { projectId, budgetId })
    if (found.every((total) => total === expected)) break
    if (performance.now() > giveUpAtMs) {
      throw new Error(
        `the clients made ${expected}; the project's ledger holds ${found[0]}, the budget ${found[1]}`,
      )
    }
    await sleep(LOOK_EVERY_MS)
  }
  const seenAtMs = await watch.stop()
  const rows = await postgres.tables.execute<{ identity: string; cost: string | null; xid: string }>(
    sql`select replace(identity::text, '-', '') as identity, cost_nano_usd::text as cost, xmin::text as xid
      from admitted_calls`,
  )
  const held = new Map(rows.map((row) => [row.identity, row]))
  return new Map(
    calls.map(({ requestId, cost }) => {
      const row = held.get(identityOf({ projectId, requestId, attempt: 1 }))
      const postedAtMs = seenAtMs.get(row?.xid ?? '')
      if (row?.cost !== cost.toString() || postedAtMs === undefined) {
        throw new Error(
          `${requestId} cost ${cost} nano-dollars; the ledger holds ${row?.cost ?? 'no such call'}`,
        )
      }
      return [requestId, postedAtMs]
    }),
  )
}

async function readTotals(
  { tables }: Postgres,
  { projectId, budgetId }: Pick<CaseProject, 'projectId' | 'budgetId'>,
): Promise<[string, string]> {
  const [row] = await tables.execute<Record<'project' | 'budget', string>>(sql`
    select (select coalesce(sum(events), 0) || ' calls of ' || coalesce(sum(spent_nano_usd), 0)
        from project_spend where project_id = ${projectId}) as project,
      (select coalesce(sum(events), 0) || ' calls of ' || coalesce(sum(spent_nano_usd), 0)
        from budget_periods where budget_id = ${budgetId}) as budget`)
  return [`${row?.project} nano-dollars`, `${row?.budget} nano-dollars`]
}
