/** Every chart that a signed link may show: those of Home, of cards, and of digests in channels. */
import { wholeReach } from '../../core/people/reach.ts'
import { ofBudget } from '../../db/postgres/budget-settings.ts'
import { readBudgetsIn } from '../../db/postgres/budget-snapshots.ts'
import { readForecasts } from '../../db/postgres/forecast-watches.ts'
import { withCounters } from '../blocks/card.ts'
import type { AppDeps } from '../deps.ts'
import { readDigestChart, readDigestChartName } from '../digest/digest-chart.ts'
import { budgetChart } from './budget-chart.ts'
import type { Chart } from './chart.ts'
import type { LinkedChart } from './chart-link.ts'
import { homeChartOf } from './home-charts.ts'
import { readBudgetChart } from './read-budget-chart.ts'

const OF_A_CARD = 'card'

/** The instant makes each picture a new address, so that Slack does not show the one that it kept. */
export const cardChartName = (
  of: { readonly budgetId: string; readonly periodFrom: Date },
  at: Date,
): string => [OF_A_CARD, of.budgetId, of.periodFrom.getTime(), at.getTime()].join('|')

/** Null for a chart that there is none of, such as that of a budget which is gone. */
export const linkedChartsOf =
  (deps: AppDeps) =>
  async (linked: LinkedChart): Promise<Chart | null> => {
    const days = readDigestChartName(linked.chart)
    if (days !== null) return await readDigestChart(deps, wholeReach(linked.orgId), days)
    const [kind, budgetId, fromMs] = linked.chart.split('|')
    if (kind !== OF_A_CARD) return await homeChartOf(deps, linked)
    const periodFrom = new Date(Number(fromMs))
    if (budgetId === undefined || Number.isNaN(periodFrom.getTime())) return null
    const { tables } = deps.postgres
    const found = withCounters(await readBudgetsIn(tables, ofBudget(linked.orgId, budgetId), periodFrom))
    if (found?.stored.current.period.from.getTime() !== periodFrom.getTime()) return null
    const kept = (await readForecasts(tables, linked.orgId)).get(budgetId) ?? null
    return budgetChart(await readBudgetChart(deps, found.stored, kept))
  }
