/** What the ledger counted, by UTC day of event time: the figures that every total in Slack must equal. */
import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import { utcDay } from '../../core/period.ts'
import type { Queryable } from './open.ts'
import { projectSpend } from './schema.ts'

export interface ProjectSpend {
  readonly projectId: string
  readonly spent: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

/** The sums of each project that had events in `[from, until)`; both are midnights in UTC. */
export async function readProjectSpend(
  tx: Queryable,
  { orgId, from, until }: { readonly orgId: string; readonly from: Date; readonly until: Date },
): Promise<ProjectSpend[]> {
  const rows = await tx
    .select({
      projectId: projectSpend.projectId,
      spent: sql<string>`sum(${projectSpend.spent})`,
      events: sql<string>`sum(${projectSpend.events})`,
      unpricedEvents: sql<string>`sum(${projectSpend.unpricedEvents})`,
    })
    .from(projectSpend)
    .where(
      and(
        eq(projectSpend.orgId, orgId),
        gte(projectSpend.day, utcDay(from)),
        lt(projectSpend.day, utcDay(until)),
      ),
    )
    .groupBy(projectSpend.projectId)
  return rows.map((row) => ({
    projectId: row.projectId,
    spent: nanoUsd(BigInt(row.spent)),
    events: Number(row.events),
    unpricedEvents: Number(row.unpricedEvents),
  }))
}

export interface DailySpend {
  /** `2026-11-25`, in UTC. */
  readonly day: string
  readonly spent: NanoUsd
}

/** The sums of each UTC day that had events in `[from, until)`, of these projects or of all. */
export async function readDailySpend(
  tx: Queryable,
  of: {
    readonly orgId: string
    readonly projectIds: readonly string[] | null
    readonly from: Date
    readonly until: Date
  },
): Promise<DailySpend[]> {
  const { orgId, projectIds, from, until } = of
  const rows = await tx
    .select({ day: projectSpend.day, spent: sql<string>`sum(${projectSpend.spent})` })
    .from(projectSpend)
    .where(
      and(
        eq(projectSpend.orgId, orgId),
        projectIds === null ? undefined : inArray(projectSpend.projectId, [...projectIds]),
        gte(projectSpend.day, utcDay(from)),
        lt(projectSpend.day, utcDay(until)),
      ),
    )
    .groupBy(projectSpend.day)
  return rows.map(({ day, spent }) => ({ day, spent: nanoUsd(BigInt(spent)) }))
}
