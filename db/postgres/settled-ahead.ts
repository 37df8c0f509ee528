/**
 * What callers said that their calls cost, posted to a budget before the events of these calls: a part of what it spent
 * that no sum of events has yet. The event posts the difference, and from then on the sums have all of it.
 */
import { and, eq, isNotNull, notExists, sql } from 'drizzle-orm'
import type { Counter } from '../../core/budget/scope.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import type { Queryable } from './open.ts'
import { admissions, holdEntries, holds } from './schema.ts'

/** By counter, of those that have any. */
export async function readSettledAhead(
  tx: Queryable,
  budgetId: string,
  from: Date,
): Promise<Map<Counter, NanoUsd>> {
  const counted = tx.select({ one: sql`1` }).from(admissions).where(eq(admissions.identity, holds.identity))
  const rows = await tx
    .select({ counter: holdEntries.counter, settled: sql<string>`sum(${holds.settled})` })
    .from(holdEntries)
    .innerJoin(holds, eq(holds.id, holdEntries.holdId))
    .where(
      and(
        eq(holdEntries.budgetId, budgetId),
        eq(holdEntries.from, from),
        isNotNull(holds.settled),
        notExists(counted),
      ),
    )
    .groupBy(holdEntries.counter)
  return new Map(rows.map(({ counter, settled }) => [counter, nanoUsd(BigInt(settled))]))
}
