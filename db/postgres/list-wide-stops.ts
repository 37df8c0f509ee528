/** The wide stops of an organisation that nobody has lifted yet. */
import { and, asc, eq, isNull } from 'drizzle-orm'
import type { WideStop } from '../../core/budget/verdict.ts'
import type { Queryable } from './open.ts'
import { projects, wideStops } from './schema.ts'

export interface StandingStop extends WideStop {
  /** Null for the stop of everything. */
  readonly projectId: string | null
  readonly projectName: string | null
}

/** The oldest first. */
export async function listWideStops(tx: Queryable, orgId: string): Promise<StandingStop[]> {
  const rows = await tx
    .select({ stop: wideStops, projectName: projects.name })
    .from(wideStops)
    .leftJoin(projects, eq(projects.id, wideStops.projectId))
    .where(and(eq(wideStops.orgId, orgId), isNull(wideStops.liftedAt), isNull(projects.deletedAt)))
    .orderBy(asc(wideStops.stoppedAt))
  return rows.map(({ stop: { projectId, stoppedAt: at, stoppedBy: by, reason }, projectName }) => ({
    ...{ reach: projectId === null ? 'organisation' : 'project', at, by, reason },
    ...{ projectId, projectName },
  }))
}
