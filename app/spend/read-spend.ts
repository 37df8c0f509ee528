/** Reads the answer to "what was spent": the total from the ledger, the cut from the archive. */
import { sumUsd } from '../../core/money.ts'
import { monthOf, utcDay } from '../../core/period.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { Dimension } from '../../db/clickhouse/queries/scope.ts'
import { type SpendPoint, spendBy, spendOverTime } from '../../db/clickhouse/queries/spend.ts'
import { unpricedModels } from '../../db/clickhouse/queries/unpriced-models.ts'
import { readProjectSpend } from '../../db/postgres/project-spend.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import type { SpendAnswer, SpendLine } from '../blocks/spend.ts'
import type { AppDeps } from '../deps.ts'

export const RANGES = ['today', '7d', '30d', 'mtd'] as const
export type Range = (typeof RANGES)[number]

export interface SpendRange {
  readonly when: string
  /** Midnights in UTC, so that the ledger's days and the archive's hours mean the same time. */
  readonly from: Date
  readonly until: Date
  readonly bucket: 'hour' | 'day'
}

const DAY_MS = 86_400_000
const LINES_MAX = 10
const SERIES_MAX = 6

export function rangeOf(range: Range, now: Date): SpendRange {
  const today = new Date(utcDay(now))
  const until = new Date(today.getTime() + DAY_MS)
  const back = (days: number) => new Date(until.getTime() - days * DAY_MS)
  switch (range) {
    case 'today':
      return { when: 'today', from: today, until, bucket: 'hour' }
    case '7d':
      return { when: 'in the last 7 days', from: back(7), until, bucket: 'day' }
    case '30d':
      return { when: 'in the last 30 days', from: back(30), until, bucket: 'day' }
    case 'mtd':
      return { when: 'this month', from: monthOf(now).from, until, bucket: 'day' }
    default:
      return unreachable(range)
  }
}

export interface SpendQuestion {
  readonly orgId: string
  readonly range: Range
  /** By project, and from the ledger alone, when null. */
  readonly by: Dimension | null
}

export async function readSpend(deps: AppDeps, { orgId, range, by }: SpendQuestion): Promise<SpendAnswer> {
  const asOf = deps.now()
  const { tables } = deps.postgres
  const { when, from, until } = rangeOf(range, asOf)
  const scope = { orgId, projectIds: null, from, until }
  const [projects, ledger, groups, unpriced] = await Promise.all([
    listProjects(tables, orgId),
    readProjectSpend(tables, { orgId, from, until }),
    by === null ? [] : spendBy(deps.clickhouse, { ...scope, by, limit: LINES_MAX }),
    unpricedModels(deps.clickhouse, { ...scope, limit: 3 }),
  ])
  const projectName = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  const byProject = ledger
    .map((row): SpendLine => ({ ...row, name: projectName(row.projectId), cost: row.spent }))
    .sort((a, b) => (a.cost === b.cost ? a.name.localeCompare(b.name) : a.cost < b.cost ? 1 : -1))
  const named = groups.map(
    (group): SpendLine => ({
      ...group,
      name: nameOf(group, by === 'project' ? projectName : (value) => value),
    }),
  )
  return {
    when,
    from,
    until,
    by: by ?? 'project',
    total: totalOf(byProject),
    lines: by === null ? foldRest(byProject) : named,
    unpriced,
    asOf,
  }
}

/** The points of a chart, with names that people know. */
export async function readSpendPoints(
  deps: AppDeps,
  { orgId, range, by }: SpendQuestion & { by: Dimension },
): Promise<SpendPoint[]> {
  const { from, until, bucket } = rangeOf(range, deps.now())
  const [points, projects] = await Promise.all([
    spendOverTime(deps.clickhouse, { orgId, projectIds: null, from, until, by, bucket, topN: SERIES_MAX }),
    by === 'project' ? listProjects(deps.postgres.tables, orgId) : [],
  ])
  const projectName = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  return points.map((point) => ({ ...point, value: nameOf(point, projectName) }))
}

export const nameOf = (
  { value, isOther }: { readonly value: string | null; readonly isOther: boolean },
  rename: (value: string) => string,
): string => (isOther ? 'other' : value === null || value === '' ? 'none given' : rename(value))

export const totalOf = (lines: readonly SpendLine[]): Omit<SpendLine, 'name'> => ({
  cost: sumUsd(lines.map(({ cost }) => cost)),
  events: lines.reduce((sum, line) => sum + line.events, 0),
  unpricedEvents: lines.reduce((sum, line) => sum + line.unpricedEvents, 0),
})

function foldRest(lines: readonly SpendLine[]): readonly SpendLine[] {
  if (lines.length <= LINES_MAX + 1) return lines
  return [...lines.slice(0, LINES_MAX), { name: 'other', ...totalOf(lines.slice(LINES_MAX)) }]
}
