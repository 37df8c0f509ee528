/** What a budget would have done, in the form of the wire. */
import { toLadderJson } from '../../core/budget/parse-ladder.ts'
import type { Course } from '../../core/budget/preview.ts'
import { toUsdDecimal } from '../../core/money.ts'
import type { PeriodRule } from '../../core/period/period-rule.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import type { StopPreview } from '../../db/clickhouse/queries/preview-stop.ts'
import type { StoppedGroup } from '../../db/clickhouse/queries/stopped-spend.ts'

export const toPreviewJson = ({ period, was, stopped, ...preview }: StopPreview, periodRule: PeriodRule) => ({
  period: nameOfPeriod(periodRule, period),
  period_from: period.from.toISOString(),
  period_until: period.until.toISOString(),
  spent_usd: toUsdDecimal(was.spent),
  events: was.events,
  unpriced_events: was.unpricedEvents,
  would_stop: preview.wouldTrip,
  counters_reaching: preview.countersReaching,
  grain_s: preview.grainMs / 1000,
  steps: preview.courses.flatMap(stepsOf),
  refused: {
    calls: stopped.calls,
    cost_usd: toUsdDecimal(stopped.cost),
    routes: stopped.routes.map(toGroupJson),
    users: stopped.users.map(toGroupJson),
    keys: stopped.keys.map(toGroupJson),
  },
})

const stepsOf = ({ counter, trips }: Course) =>
  trips.map(({ rung, at, spent }) => ({
    counter,
    at: at.toISOString(),
    spent_usd: toUsdDecimal(spent),
    rung: toLadderJson([rung])[0] ?? {},
  }))

const toGroupJson = ({ value, cost, calls }: StoppedGroup) => ({
  value,
  calls,
  cost_usd: toUsdDecimal(cost),
})
