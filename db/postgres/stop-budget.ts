/** Stops by a person, and what ends them: of one budget, of a project, or of the whole organisation. */
import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import type { WideStop } from '../../core/budget/verdict.ts'
import { newId } from '../../core/ids.ts'
import { recordDeed } from './audit.ts'
import type { Said } from './budget-definition.ts'
import { takeBudgetScope } from './budgets.ts'
import { type BudgetRef, lockBudget } from './lock-budget.ts'
import { enqueueNotices } from './notices.ts'
import type { Postgres, Queryable } from './open.ts'
import { endRunningOverride } from './overrides.ts'
import { budgets, projects, wideStops } from './schema.ts'
import { signalVerdicts } from './signals.ts'
import { enqueueCallsEvent } from './webhook-deliveries.ts'

export type StopOutcome = 'done' | 'already' | 'budget_unknown'

type StopDeed = BudgetRef & Pick<Said, 'by'> & Partial<Pick<Said, 'origin'>>

/** "Stop now": refuses every call that the budget covers until a person resumes; ends a running override. */
export function stopBudget(postgres: Postgres, stop: StopDeed, now: Date): Promise<StopOutcome> {
  return changeStop(postgres, stop, now, { stoppedAt: now, stoppedBy: stop.by }, 'stopped_by_person')
}

/** Lifts a person's stop; a limit that is reached still stops. */
export function resumeBudget(postgres: Postgres, resume: StopDeed, now: Date): Promise<StopOutcome> {
  return changeStop(postgres, resume, now, { stoppedAt: null, stoppedBy: null }, 'resumed')
}

function changeStop(
  postgres: Postgres,
  { orgId, budgetId, by, origin = 'slack' }: StopDeed,
  now: Date,
  columns: { stoppedAt: Date | null; stoppedBy: string | null },
  kind: 'stopped_by_person' | 'resumed',
): Promise<StopOutcome> {
  return postgres.tables.transaction(async (tx): Promise<StopOutcome> => {
    const stored = await lockBudget(tx, { orgId, budgetId }, now)
    if (!stored) return 'budget_unknown'
    if ((stored.budget.manualStop !== null) === (columns.stoppedAt !== null)) return 'already'
    if (kind === 'stopped_by_person') await endRunningOverride(tx, stored, 'stopped', now)
    await tx.update(budgets).set(columns).where(eq(budgets.id, budgetId))
    const { period, counter } = stored.current
    const about = { orgId, budgetId, periodFrom: period.from, counter }
    await enqueueNotices(tx, [{ ...about, notice: { kind, by } }], now)
    const action = kind === 'resumed' ? 'budget.resumed' : 'budget.stopped'
    await recordDeed(tx, { orgId, actor: by, action, subject: budgetId, origin }, now)
    await signalVerdicts(tx, [stored.budget.scope.projectId ?? orgId])
    return 'done'
  })
}

export interface WideStopDeed extends Said {
  readonly orgId: string
  /** Null stops, or lifts the stop of, the whole organisation. */
  readonly projectId: string | null
}

export type WideStopOutcome = 'done' | 'already' | 'project_unknown'

/** Refuses every call of a project, or of all, whether or not it has a budget, until a person lifts it. */
export function stopWidely(
  postgres: Postgres,
  { orgId, projectId, by, origin, reason }: WideStopDeed & { readonly reason: string },
  now: Date,
): Promise<WideStopOutcome> {
  return postgres.tables.transaction(async (tx): Promise<WideStopOutcome> => {
    if (!(await takeBudgetScope(tx, orgId, projectId))) return 'project_unknown'
    if ((await runningStops(tx, orgId, projectId)).length > 0) return 'already'
    const id = newId('stp', now)
    await tx.insert(wideStops).values({ id, orgId, projectId, reason, stoppedAt: now, stoppedBy: by })
    const deed = { actor: by, action: 'calls.stopped', subject: projectId ?? orgId, origin } as const
    await recordDeed(tx, { orgId, ...deed, after: { reason } }, now)
    await enqueueCallsEvent(tx, { type: 'calls.stopped', orgId, projectId, person: by, reason }, now)
    await signalVerdicts(tx, [projectId ?? orgId])
    return 'done'
  })
}

export function liftWideStop(
  postgres: Postgres,
  { orgId, projectId, by, origin }: WideStopDeed,
  now: Date,
): Promise<WideStopOutcome> {
  return postgres.tables.transaction(async (tx): Promise<WideStopOutcome> => {
    if (!(await takeBudgetScope(tx, orgId, projectId))) return 'project_unknown'
    const ids = await runningStops(tx, orgId, projectId)
    if (ids.length === 0) return 'already'
    await tx.update(wideStops).set({ liftedAt: now, liftedBy: by }).where(inArray(wideStops.id, ids))
    const deed = { actor: by, action: 'calls.resumed', subject: projectId ?? orgId, origin } as const
    await recordDeed(tx, { orgId, ...deed }, now)
    await enqueueCallsEvent(tx, { type: 'calls.resumed', orgId, projectId, person: by, reason: null }, now)
    await signalVerdicts(tx, [projectId ?? orgId])
    return 'done'
  })
}

async function runningStops(tx: Queryable, orgId: string, projectId: string | null): Promise<string[]> {
  const rows = await tx
    .select({ id: wideStops.id })
    .from(wideStops)
    .where(
      and(
        eq(wideStops.orgId, orgId),
        projectId === null ? isNull(wideStops.projectId) : eq(wideStops.projectId, projectId),
        isNull(wideStops.liftedAt),
      ),
    )
  return rows.map(({ id }) => id)
}

/** The stops that reach each of these projects: its own, and that of its whole organisation. */
export async function readWideStops(
  tx: Queryable,
  projectIds: readonly string[],
): Promise<ReadonlyMap<string, readonly WideStop[]>> {
  const rows = await tx
    .select({ projectId: projects.id, stop: wideStops })
    .from(projects)
    .innerJoin(
      wideStops,
      and(
        eq(wideStops.orgId, projects.orgId),
        or(isNull(wideStops.projectId), eq(wideStops.projectId, projects.id)),
        isNull(wideStops.liftedAt),
      ),
    )
    .where(inArray(projects.id, [...projectIds]))
    .orderBy(asc(wideStops.stoppedAt))
  const stops = new Map<string, WideStop[]>()
  for (const { projectId, stop } of rows) {
    const reach = stop.projectId === null ? 'organisation' : 'project'
    const wide = { reach, at: stop.stoppedAt, by: stop.stoppedBy, reason: stop.reason } as const
    stops.set(projectId, [...(stops.get(projectId) ?? []), wide])
  }
  return stops
}
