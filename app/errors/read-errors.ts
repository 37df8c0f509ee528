/** Reads the answer to "which calls fail": the counts from the archive, exact, by one dimension or two. */
import { fits } from '../../core/budget/scope.ts'
import { EVENT_STATUSES } from '../../core/event/usage-event.ts'
import type { Reach } from '../../core/people/reach.ts'
import { callsByStatus, type EndedCalls, statusesOverTime } from '../../db/clickhouse/queries/errors.ts'
import type { Cut, SpendFilter } from '../../db/clickhouse/queries/scope.ts'
import type { ErrorLine, ErrorsAnswer } from '../blocks/errors.ts'
import { bucketsOf } from '../charts/buckets.ts'
import type { ErrorChart } from '../charts/error-chart.ts'
import type { AppDeps } from '../deps.ts'
import { seenCalls, seenProjects } from '../seen/seen.ts'
import type { SpendRange } from '../spend/range.ts'
import { nameOf, nameOfCut } from '../spend/read-spend.ts'

const LINES_MAX = 45
const ROUTES_MAX = 5

export interface ErrorsQuestion {
  readonly reach: Reach
  readonly range: SpendRange
  readonly by: Cut | null
  readonly filter: SpendFilter
}

export async function readErrors(deps: AppDeps, question: ErrorsQuestion): Promise<ErrorsAnswer> {
  const { reach, range, by, filter } = question
  const { scope, failures } = meantBy(question)
  const count = (cut: Cut | null, limit: number) =>
    callsByStatus(deps.clickhouse, { ...scope, failures, by: cut, limit })
  // A cut by status is what the sum of all says anyway.
  const cut = by ?? 'model'
  const [all, groups, routes, projects] = await Promise.all([
    count(null, 1),
    cut === 'status' ? [] : count(cut, LINES_MAX),
    by === null ? count('route', ROUTES_MAX) : [],
    cut === 'project' ? seenProjects(deps.postgres.tables, reach) : [],
  ])
  const projectName = (id: string) => projects.find((project) => project.id === id)?.name ?? id
  const lines = (ended: readonly EndedCalls[], rename: (value: string) => string): ErrorLine[] =>
    linesOf(ended, failures, (one) => nameOf(one, rename))
  const [total = { name: '', calls: 0, failed: 0, statuses: [] }] = lines(all, (value) => value)
  return {
    ...{ range, filter, by: nameOfCut(cut), total, asOf: deps.now() },
    lines: lines(groups, cut === 'project' ? projectName : (value) => value),
    routes: lines(routes, (value) => value).filter(({ failed }) => failed > 0),
  }
}

/** The same over time, as a chart shows it. */
export async function readErrorChart(
  deps: AppDeps,
  question: Omit<ErrorsQuestion, 'by'>,
): Promise<ErrorChart> {
  const { scope, failures } = meantBy(question)
  const { from, until, bucket, timeZone, when } = question.range
  const points = await statusesOverTime(deps.clickhouse, { ...scope, bucket, timeZone })
  // In a zone whose midnights are no whole hours of UTC, the first hour begins before the range.
  const within = points.map((point) => ({
    ...point,
    at: new Date(Math.max(point.at.getTime(), from.getTime())),
  }))
  const { starts, indexOf } = bucketsOf(question.range)
  const counts = (isMeant: (status: string) => boolean) => {
    const all = starts.map(() => 0)
    for (const { at, status, calls } of within) {
      const index = isMeant(status) ? indexOf(at) : null
      if (index !== null) all[index] = (all[index] ?? 0) + calls
    }
    return all
  }
  const calls = counts(() => true)
  return {
    ...{ span: { from, until, timeZone }, when },
    buckets: starts.map((at, index) => ({ at, calls: calls[index] ?? 0 })),
    statuses: failures.map((status) => ({ status, counts: counts((one) => one === status) })),
  }
}

/** A status that is asked for narrows the failures; the rate stays one of all calls. */
function meantBy({ reach, range, filter }: Omit<ErrorsQuestion, 'by'>) {
  const { status: wanted, ...fields } = filter.fields
  const failures = EVENT_STATUSES.filter(
    (status) => status !== 'ok' && (wanted === undefined || wanted.some((pattern) => fits(pattern, status))),
  )
  const scope = seenCalls(reach, range, { fields, tags: filter.tags })
  return { scope, failures }
}

/** The rows of each value together, in their order. */
function linesOf(
  ended: readonly EndedCalls[],
  failures: readonly string[],
  nameIt: (one: EndedCalls) => string,
): ErrorLine[] {
  const groups = new Map<string, EndedCalls[]>()
  for (const one of ended) {
    const key = JSON.stringify([one.isOther, one.value])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows
    if (first === undefined) return []
    const failed = rows.filter(({ status }) => failures.includes(status))
    return [
      {
        name: nameIt(first),
        calls: sum(rows),
        failed: sum(failed),
        statuses: failed.map(({ status, calls }) => ({ status, calls })),
      },
    ]
  })
}

const sum = (rows: readonly EndedCalls[]): number => rows.reduce((all, { calls }) => all + calls, 0)
