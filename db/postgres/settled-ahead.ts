/**
 * What callers said that their calls cost, posted to a budget ahead of the events of these calls: a part of what it spent
 * that no sum of events has yet. While a hold is settled its entries say so; the event, which posts the cost itself, takes
 * them away.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Counter } from '../../core/budget/scope.ts'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import type { Queryable } from './open.ts'
import { holdEntries, holds } from './schema.ts'

/** By counter, of those that have any. */
export async function readSettledAhead(
  tx: Queryable,
  budgetId: string,
  from: Date,
): Promise<Map<Counter, NanoUsd>> {
  const rows = await tx
    .select({ counter: holdEntries.counter, settled: sql<string>`sum(${holdEntries.amount})` })
    .from(holdEntries)
    .innerJoin(holds, eq(holds.id, holdEntries.holdId))
    .where(and(eq(holdEntries.budgetId, budgetId), eq(holdEntries.from, from), eq(holds.state, 'settled')))
    .groupBy(holdEntries.counter)
  return new Map(rows.map(({ counter, settled }) => [counter, nanoUsd(BigInt(settled))]))
}
