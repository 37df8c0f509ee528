/** What the ledger holds of a case, and whether it is what the clients' calls say, to the nano-dollar. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { identityOf } from '../../core/event/identity.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import type { CaseProject } from './make-project.ts'

interface Made {
  readonly requestId: string
  readonly cost: bigint
}

const COUNTED_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 50

/** When each call was counted, in milliseconds since 1970, by its request id. Throws when anything does not agree. */
export async function readPosted(
  postgres: Postgres,
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
  const rows = await postgres.tables.execute<{ identity: string; cost: string | null; at_ms: string }>(
    sql`select replace(identity::text, '-', '') as identity, cost_nano_usd::text as cost,
      (extract(epoch from admitted_at) * 1000)::text as at_ms from admitted_calls`,
  )
  const held = new Map(rows.map((row) => [row.identity, row]))
  return new Map(
    calls.map(({ requestId, cost }) => {
      const row = held.get(identityOf({ projectId, requestId, attempt: 1 }))
      if (row?.cost !== cost.toString()) {
        throw new Error(
          `${requestId} cost ${cost} nano-dollars; the ledger holds ${row?.cost ?? 'no such call'}`,
        )
      }
      return [requestId, Number(row.at_ms)]
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
