/** Reads the answer to "what was spent": the total from the ledger, the cut from the archive. */

import { sumUsd } from '../../core/money.ts'
import type { Reach } from '../../core/people/reach.ts'
import type { Cut, SpendFilter } from '../../db/clickhouse/queries/scope.ts'
import { type SpendPoint, spendBy, spendOverTime, totals } from '../../db/clickhouse/queries/spend.ts'
import { type Dearest, dearestOf } from '../../db/clickhouse/queries/spend-course-of-many.ts'
import { unpricedModels } from '../../db/clickhouse/queries/unpriced-models.ts'
import type { SpendAnswer, SpendLine } from '../blocks/spend.ts'
import type { AppDeps } from '../deps.ts'
import { seenCalls, seenProjectSpend, seenProjects } from '../seen/seen.ts'
import type { SpendRange } from './range.ts'

const LINES_MAX = 10
const SERIES_MAX = 6

export interface SpendQuestion {
  readonly reach: Reach
  readonly range: SpendRange
  /** By project when null; from the ledger alone where nothing is filtered and days are UTC days. */
  readonly by: Cut | null
  readonly filter: SpendFilter
  readonly linesMax?: number
}

/** With the values that it is cut by, as calls carry them; null where the ledger told. */
export type SpendRead = SpendAnswer & { readonly dearest: Dearest | null }

/** The ledger sums UTC days of whole projects; what it can tell is told from it, all else from the archive. */
export async function readSpend(deps: AppDeps, question: SpendQuestion): Promise<SpendRead> {
  const { reach, range, by, filter, linesMax = LINES_MAX } = question
  const asOf = deps.now()
  const { tables } = deps.postgres
  const { when, from, until, timeZone } = range
  const scope = seenCalls(reach, range, filter)
  const isLedgers = isWholeDay(from) && isWholeDay(until) && isEverything(filter)
  const cutBy: Cut | null = by ?? (isLedgers ? null : 'project')
  const [projects, ledger, all, groups, unpriced] = await Promise.all([
    seenProjects(tables, reach),
    isLedgers ? seenProjectSpend(tables, reach, range) : [],
    isLedgers ? null : totals(deps.clickhouse, scope),
    cutBy === null ? [] : spendBy(deps.clickhouse, { ...scope, by: cutBy, limit: linesMax }),
    unpricedModels(deps.clickhouse, { ...scope, limit: 3 }),
  ])
  const projectName = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  const byProject = ledger
    .map((row): SpendLine => ({ ...row, name: projectName(row.projectId), cost: row.spent }))
    .sort((a, b) => (a.cost === b.cost ? a.name.localeCompare(b.name) : a.cost < b.cost ? 1 : -1))
  const named = groups.map(
    (group): SpendLine => ({
      ...group,
      name: nameOf(group, cutBy === 'project' ? projectName : (value) => value),
    }),
  )
  return {
    ...{ when, from, until, timeZone, unpriced, asOf, filter },
    by: nameOfCut(by ?? 'project'),
    dearest: cutBy === null ? null : dearestOf(groups),
    total: all ?? totalOf(byProject),
    lines: cutBy === null ? foldRest(byProject, linesMax) : named,
  }
}

export const nameOfCut = (by: Cut): string => (typeof by === 'object' ? `tag:${by.tag}` : by)

const DAY_MS = 86_400_000
const isWholeDay = (at: Date): boolean => at.getTime() % DAY_MS === 0

export const isEverything = ({ fields, tags }: SpendFilter): boolean =>
  Object.keys(fields).length === 0 && Object.keys(tags).length === 0

/** The points of a chart, with names that people know. */
export async function readSpendPoints(
  deps: AppDeps,
  { reach, range, by, filter, dearest }: SpendQuestion & { by: Cut; dearest: Dearest | null },
): Promise<SpendPoint[]> {
  const { bucket, timeZone } = range
  const scope = seenCalls(reach, range, filter)
  const [points, projects] = await Promise.all([
    spendOverTime(deps.clickhouse, {
      ...scope,
      by,
      bucket,
      timeZone,
      topN: SERIES_MAX,
      dearest: dearest?.slice(0, SERIES_MAX) ?? null,
    }),
    by === 'project' ? seenProjects(deps.postgres.tables, reach) : [],
  ])
  const projectName = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  const rename = by === 'project' ? projectName : (value: string) => value
  return points.map((point) => ({ ...point, value: nameOf(point, rename) }))
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

function foldRest(lines: readonly SpendLine[], linesMax: number): readonly SpendLine[] {
  if (lines.length <= linesMax + 1) return lines
  return [...lines.slice(0, linesMax), { name: 'other', ...totalOf(lines.slice(linesMax)) }]
}
