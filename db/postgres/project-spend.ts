/** What the ledger counted, by UTC day of event time: the figures that every total in Slack must equal. */
import { and, eq, gte, lt, sql } from 'drizzle-orm'
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
