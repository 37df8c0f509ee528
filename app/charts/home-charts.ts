/** The charts that a signed link may show, by name, each of one organisation. */
import { sumUsd, zeroUsd } from '../../core/money.ts'
import { NO_FILTER } from '../../db/clickhouse/queries/scope.ts'
import type { AppDeps } from '../deps.ts'
import { rangeOf } from '../spend/range.ts'
import { readSpendPoints } from '../spend/read-spend.ts'
import type { Chart } from './chart.ts'
import type { LinkedChart } from './chart-link.ts'
import { sparklineChart } from './sparkline-chart.ts'
import { spendOverTimeOf } from './spend-series.ts'
import { briefUsd, dollars } from './units.ts'

type HomeCharts = Readonly<Record<string, (deps: AppDeps, orgId: string) => Promise<Chart>>>

const HOME_CHARTS: HomeCharts = { spend_week: spendOfWeek }

/** Null for a name that is none of these, as of a link that an older version signed. */
export const homeChartsOf =
  (deps: AppDeps) =>
  async ({ orgId, chart }: LinkedChart): Promise<Chart | null> => {
    if (!Object.hasOwn(HOME_CHARTS, chart)) return null
    return (await HOME_CHARTS[chart]?.(deps, orgId)) ?? null
  }

async function spendOfWeek(deps: AppDeps, orgId: string): Promise<Chart> {
  const read = rangeOf({ kind: 'days', days: 7 }, deps.now(), 'UTC')
  if (read.kind === 'bad') throw new Error(read.problem)
  const { range } = read
  const points = await readSpendPoints(deps, { orgId, range, by: 'project', filter: NO_FILTER })
  const { buckets, series, total } = spendOverTimeOf(points, range)
  const values = buckets.map((_, index) =>
    dollars(sumUsd(series.map(({ amounts }) => amounts[index] ?? zeroUsd))),
  )
  return sparklineChart({
    name: 'Spend',
    figure: briefUsd(total),
    note: `${range.when}, by day (UTC)`,
    values,
  })
}
