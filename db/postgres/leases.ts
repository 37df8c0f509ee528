/**
 * Leases: parts of a budget from which one replica grants holds without locking the budget.
 * Invariant: a live lease counts as held by its amount; the amount goes down only with the holds that are written in the
 * same statement. Whoever ends a lease, its holder or anybody else, needs no word from the holder: the next grant from it
 * fails here, and is decided anew against the budget itself.
 */
import { and, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { CounterRef } from '../../core/hold/hold.ts'
import { isId, newId } from '../../core/ids.ts'
import { addUsd, type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'
import { addHeld, lockCounters, nameOfCounter } from './counters.ts'
import type { Postgres, Queryable } from './open.ts'
import { budgetLeases, budgets, projects } from './schema.ts'

export interface Lease {
  readonly id: string
  readonly counter: CounterRef
  readonly amount: NanoUsd
  readonly expiresAt: Date
}

export interface LeaseWish {
  readonly orgId: string
  readonly replicaId: string
  readonly counter: CounterRef
  readonly add: NanoUsd
  readonly expiresAt: Date
}

/** An expired lease stays counted so much longer, for a holder whose clock is behind. */
const GRACE_MS = 5_000

/** Adds to the replica's lease of a counter, which is locked, or makes it one. */
export async function addToLease(tx: Queryable, wish: LeaseWish, now: Date): Promise<Lease> {
  const { orgId, replicaId, counter, add, expiresAt } = wish
  const countedUntil = new Date(expiresAt.getTime() + GRACE_MS)
  const [[standing]] = await Promise.all([
    tx
      .update(budgetLeases)
      .set({ amount: sql`${budgetLeases.amount} + ${add.toString()}::bigint`, expiresAt, countedUntil })
      .where(and(isLiveOf(counter), eq(budgetLeases.replicaId, replicaId)))
      .returning({ id: budgetLeases.id, amount: budgetLeases.amount }),
    addHeld(tx, [{ ...counter, held: add }]),
  ])
  if (standing) return { ...standing, counter, expiresAt }
  const id = newId('lse', now)
  await tx.insert(budgetLeases).values({
    ...{ id, orgId, replicaId, amount: add, grantedAt: now, expiresAt, countedUntil },
    ...{ budgetId: counter.budgetId, from: counter.from, counter: counter.counter },
  })
  return { id, counter, amount: add, expiresAt }
}

const isLiveOf = ({ budgetId, from, counter }: CounterRef): SQL | undefined =>
  and(
    eq(budgetLeases.budgetId, budgetId),
    eq(budgetLeases.from, from),
    eq(budgetLeases.counter, counter),
    isNull(budgetLeases.endedAt),
  )

/** Ends every lease of these counters, which are locked; says what each counter was freed of. */
export async function endLeasesOf(
  tx: Queryable,
  counters: readonly CounterRef[],
): Promise<ReadonlyMap<string, NanoUsd>> {
  if (counters.length === 0) return new Map()
  return await endLeases(tx, or(...counters.map(isLiveOf)))
}

async function endLeases(tx: Queryable, where: SQL | undefined): Promise<ReadonlyMap<string, NanoUsd>> {
  // By the clock of Postgres: nothing is decided by when it ended, and who ends it may have no clock at hand.
  const ended = await tx.update(budgetLeases).set({ endedAt: sql`now()` }).where(where).returning()
  await addHeld(
    tx,
    ended.map((lease) => ({ ...lease, held: nanoUsd(-lease.amount) })),
  )
  const freed = new Map<string, NanoUsd>()
  for (const lease of ended) {
    const name = nameOfCounter(lease)
    freed.set(name, addUsd(freed.get(name) ?? zeroUsd, lease.amount))
  }
  return freed
}

/**
 * Ends the leases of all budgets that may cover a call of this project, or of this organisation: whoever changes one of
 * them does so in the same transaction, and from its commit on no hold is granted by how it was before.
 */
export async function recallLeases(tx: Queryable, scopeId: string): Promise<void> {
  const org = isId('org', scopeId)
    ? sql`${scopeId}`
    : sql`(select ${projects.orgId} from ${projects} where ${eq(projects.id, scopeId)})`
  const found = await tx
    .select({ budgetId: budgetLeases.budgetId, from: budgetLeases.from, counter: budgetLeases.counter })
    .from(budgetLeases)
    .innerJoin(budgets, eq(budgets.id, budgetLeases.budgetId))
    .where(
      and(
        isNull(budgetLeases.endedAt),
        sql`${budgets.orgId} = ${org}`,
        isId('org', scopeId) ? undefined : or(isNull(budgets.projectId), eq(budgets.projectId, scopeId)),
      ),
    )
  if (found.length === 0) return
  await endLeasesOf(tx, await lockCounters(tx, found))
}

/** Gives back what is left of leases; what was granted from them stays held by its holds. */
export const returnLeases = (postgres: Postgres, leases: readonly Lease[]): Promise<void> =>
  postgres.tables.transaction(async (tx) => {
    await lockCounters(
      tx,
      leases.map(({ counter }) => counter),
    )
    const ids = leases.map(({ id }) => id)
    await endLeases(tx, and(inArray(budgetLeases.id, ids), isNull(budgetLeases.endedAt)))
  })

/** Ends the leases of replicas that are gone; says how many. */
export async function expireLeases(postgres: Postgres, now: Date): Promise<number> {
  const due = and(isNull(budgetLeases.endedAt), lte(budgetLeases.countedUntil, now))
  const found = await postgres.tables.select().from(budgetLeases).where(due)
  if (found.length === 0) return 0
  const ids = found.map(({ id }) => id)
  await postgres.tables.transaction(async (tx) => {
    await lockCounters(tx, found)
    await endLeases(tx, and(due, inArray(budgetLeases.id, ids)))
  })
  return found.length
}
