/**
 * The ledger's own sums by project and UTC day, of what a budget's scope lies in: exact and at hand for a scope that
 * covers whole projects by whole days, and for any other one the sum that it is a part of.
 */
import { and, eq, gte, lt, sql } from 'drizzle-orm'
import type { Figures } from '../../core/budget/recount.ts'
import { isWhole, type Scope } from '../../core/budget/scope.ts'
import { nanoUsd } from '../../core/money.ts'
import { type Period, utcDay } from '../../core/period.ts'
import type { Queryable } from './open.ts'
import { projectSpend } from './schema.ts'

/** Whether the ledger's sums answer for this scope and period. */
export function isKnownByDay(scope: Scope, period: Period): boolean {
  const days = daysAround(period)
  return isWhole(scope) && isAt(days.from, period.from) && isAt(days.until, period.until)
}

/** The UTC days that the period touches. */
export const daysAround = ({ from, until }: Period): Period => ({
  from: new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS),
  until: new Date(Math.ceil(until.getTime() / DAY_MS) * DAY_MS),
})

/** The sums of all days that the period touches; exact for one of whole days. */
export async function sumsOfDays(
  tx: Queryable,
  orgId: string,
  { projectId }: Pick<Scope, 'projectId'>,
  period: Period,
): Promise<Figures> {
  const days = daysAround(period)
  const [sums] = await tx
    .select({
      spent: sql<string>`coalesce(sum(${projectSpend.spent}), 0)`,
      events: sql<string>`coalesce(sum(${projectSpend.events}), 0)`,
      unpricedEvents: sql<string>`coalesce(sum(${projectSpend.unpricedEvents}), 0)`,
    })
    .from(projectSpend)
    .where(
      and(
        projectId === null ? eq(projectSpend.orgId, orgId) : eq(projectSpend.projectId, projectId),
        gte(projectSpend.day, utcDay(days.from)),
        lt(projectSpend.day, utcDay(days.until)),
      ),
    )
  return {
    spent: nanoUsd(BigInt(sums?.spent ?? '0')),
    events: Number(sums?.events ?? 0),
    unpricedEvents: Number(sums?.unpricedEvents ?? 0),
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

const isAt = (a: Date, b: Date): boolean => a.getTime() === b.getTime()
