/**
 * Who may count and who may change at the same time: the ledger shares a project, whoever makes or changes one of its
 * budgets has it alone. Taken before any row of the project, and several always in the same order.
 * Advisory locks, because they queue: a row that ever more replicas lock for sharing never comes free for the one who
 * wants it alone, and a person's "Stop now" would wait until it fails. Projects share a bounded number of locks, since
 * Postgres has room for a few thousand in all, and a batch may be of any number of projects.
 */
import { sql } from 'drizzle-orm'
import { recallLeases } from './leases.ts'
import type { Queryable } from './open.ts'

/** Sets these locks apart from other advisory locks. */
const CLASS = 7_001
const LOCKS = 128

/** Until the transaction ends, nobody makes or changes a budget of these projects, or of these whole organisations. */
export async function shareScopes(tx: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.execute(sql`
    select pg_advisory_xact_lock_shared(${CLASS}::int, lock) from (
      select distinct hashtext(id) & ${LOCKS - 1}::int as lock
      from unnest(${sql.param([...new Set(ids)])}::text[]) id
      order by lock
    ) as locks`)
}

/**
 * Waits its turn; until the transaction ends, nobody else counts or changes anything of this project, or of this whole
 * organisation. What replicas have leased of its budgets is given back: they grant nothing by how a budget was before.
 */
export async function takeScope(tx: Queryable, id: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${CLASS}::int, hashtext(${id}) & ${LOCKS - 1}::int)`)
  await recallLeases(tx, id)
}
