/** The three charts of Home: spend by model, spend by route or user, and latency; of one organisation or a project of it. */
import { createHash } from 'node:crypto'

import { narrowedTo, type Reach, sees } from '../../core/people/reach.ts'
import { latencyCourse } from '../../db/clickhouse/queries/latency.ts'
import type { SpendScope } from '../../db/clickhouse/queries/scope.ts'
import { spendOverTime } from '../../db/clickhouse/queries/spend.ts'
import type { AppDeps } from '../deps.ts'
import { asRange, type HomeChoice, rangeIn } from '../home/choice.ts'
import { seenCalls } from '../seen/seen.ts'
import type { SpendRange } from '../spend/range.ts'
import { nameOf } from '../spend/read-spend.ts'
import { bucketsOf } from './buckets.ts'
import type { Chart } from './chart.ts'
import type { LinkedChart } from './chart-link.ts'
import { type ChartSight, readSight, writeSight } from './chart-sight.ts'
import { latencyChart } from './latency-chart.ts'
import { spendChart } from './spend-chart.ts'
import { SERIES_MAX, spendOverTimeOf } from './spend-series.ts'

export const HOME_CHARTS = ['model', 'route', 'latency'] as const
export type HomeChartKind = (typeof HOME_CHARTS)[number]

const IN_HOME = 'home'
/** A chart has another address this often, so that Slack does not go on showing the one that it kept. */
const ADDRESS_MS = 5 * 60_000

export const homeChartName = (
  {
    kind,
    choice: { range, projectId },
    sight,
    finding,
  }: {
    readonly kind: HomeChartKind
    readonly choice: HomeChoice
    readonly sight: ChartSight
    readonly finding: string
  },
  at: Date,
): string => {
  const slot = Math.floor(at.getTime() / ADDRESS_MS)
  return [IN_HOME, kind, range, projectId ?? '', slot, writeSight(sight), roughly(finding)].join('|')
}

/**
 * Sooner, when what it says has changed by more than a little: a picture of the first cents beside the dollars that
 * followed would be wrong for minutes, while a large sum that grows needs no new picture with each call.
 */
const roughly = (finding: string): string =>
  createHash('sha256')
    .update(finding.replace(/\d[\d,.]*/g, (figure) => Number(figure.replaceAll(',', '')).toPrecision(2)))
    .digest('hex')
    .slice(0, 8)

/** Null for a name that is none of these, and for a project that whom it was signed for does not see any more. */
export async function homeChartOf(deps: AppDeps, { orgId, chart }: LinkedChart): Promise<Chart | null> {
  const [place, name, rangeName, projectId = '', , sight] = chart.split('|')
  const kind = HOME_CHARTS.find((one) => one === name)
  const range = asRange(rangeName)
  if (place !== IN_HOME || kind === undefined || range === null) return null
  const reach = await readSight(deps, orgId, sight)
  const choice = { range, projectId: projectId === '' ? null : projectId }
  if (reach === null || (choice.projectId !== null && !sees(reach, choice.projectId))) return null
  return await readHomeChart(deps, reach, kind, choice)
}

export async function readHomeChart(
  deps: AppDeps,
  reach: Reach,
  kind: HomeChartKind,
  choice: HomeChoice,
): Promise<Chart> {
  const range = rangeIn(choice.range, deps.now())
  const scope = seenCalls(narrowedTo(reach, choice.projectId), range)
  return kind === 'latency'
    ? await latencyIn(deps, scope, range)
    : await spendIn(deps, scope, { range, by: kind })
}

async function spendIn(
  deps: AppDeps,
  scope: SpendScope,
  { range, by }: { readonly range: SpendRange; readonly by: 'model' | 'route' | 'user' },
): Promise<Chart> {
  const { bucket } = range
  const points = await spendOverTime(deps.clickhouse, { ...scope, by, bucket, topN: SERIES_MAX })
  // Who names no routes may name users.
  if (by === 'route' && points.length > 0 && points.every(({ value, isOther }) => !isOther && !value))
    return await spendIn(deps, scope, { range, by: 'user' })
  const named = points.map((point) => ({ ...point, value: nameOf(point, (value) => value) }))
  return spendChart({ data: spendOverTimeOf(named, range), when: range.when, by })
}

async function latencyIn(deps: AppDeps, scope: SpendScope, range: SpendRange): Promise<Chart> {
  const { points, overall } = await latencyCourse(deps.clickhouse, { ...scope, bucket: range.bucket })
  const of = new Map(points.map((point) => [point.at.getTime(), point]))
  return latencyChart({
    span: range,
    buckets: bucketsOf(range).starts.map((at) => {
      const latency = of.get(at.getTime()) ?? null
      return { at, calls: latency?.calls ?? 0, latency }
    }),
    overall,
    when: range.when,
  })
}
