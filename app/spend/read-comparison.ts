/** Reads a time and the one before it, both from the archive, so that what they differ by is only what was spent. */
import type { Reach } from '../../core/people/reach.ts'
import type { Cut, SpendFilter } from '../../db/clickhouse/queries/scope.ts'
import { spendBy, totals } from '../../db/clickhouse/queries/spend.ts'
import type { Comparison } from '../blocks/comparison.ts'
import type { AppDeps } from '../deps.ts'
import { seenCalls, seenProjects } from '../seen/seen.ts'
import { moversOf } from './movers.ts'
import type { SpendRange } from './range.ts'
import type { ComparedRanges } from './range-before.ts'
import { nameOf, nameOfCut } from './read-spend.ts'

/** Of a cut with more values than this, such as users, those beyond the dearest are one value, `other`. */
export const VALUES_MAX = 5_000
const MOVERS_MAX = 8

export interface ComparisonQuestion {
  readonly reach: Reach
  readonly ranges: ComparedRanges
  readonly by: Cut
  readonly filter: SpendFilter
}

export async function readComparison(
  deps: AppDeps,
  { reach, ranges, by, filter }: ComparisonQuestion,
): Promise<Comparison> {
  const asOf = deps.now()
  const scopeOf = (range: SpendRange) => seenCalls(reach, range, filter)
  const groupsOf = (range: SpendRange) =>
    spendBy(deps.clickhouse, { ...scopeOf(range), by, limit: VALUES_MAX })
  const [now, before, groupsNow, groupsBefore, projects] = await Promise.all([
    totals(deps.clickhouse, scopeOf(ranges.range)),
    totals(deps.clickhouse, scopeOf(ranges.before)),
    groupsOf(ranges.range),
    groupsOf(ranges.before),
    by === 'project' ? seenProjects(deps.postgres.tables, reach) : [],
  ])
  const projectName = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  const rename = by === 'project' ? projectName : (value: string) => value
  const named = (groups: typeof groupsNow) => groups.map((one) => ({ ...one, name: nameOf(one, rename) }))
  return {
    ...{ ranges, filter, now, before, asOf, by: nameOfCut(by) },
    movers: moversOf(named(groupsNow), named(groupsBefore), MOVERS_MAX),
    isCut: [...groupsNow, ...groupsBefore].some(({ isOther }) => isOther),
  }
}
