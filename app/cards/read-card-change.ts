/** Reads what a card says below its chart: what the period before had come to by now, and what most was spent on. */
import { samePartBefore } from '../../core/period/same-part.ts'
import type { Period } from '../../core/period.ts'
import { spendBy, totals } from '../../db/clickhouse/queries/spend.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { CardChange } from '../blocks/card-change.ts'
import type { AppDeps } from '../deps.ts'
import { moversOf } from '../spend/movers.ts'
import { nameOf } from '../spend/read-spend.ts'

/** Beyond so many models the rest is one. */
const MODELS_MAX = 50

/** All from the archive, so that what two sums differ by is only what was spent. */
export async function readCardChange(
  { clickhouse, now }: Pick<AppDeps, 'clickhouse' | 'now'>,
  { budget, current }: StoredBudget,
): Promise<CardChange> {
  const { projectId, match } = budget.scope
  const scopeOf = ({ from, until }: Period) => ({
    ...{ orgId: budget.orgId, projectIds: projectId === null ? null : [projectId], filter: match },
    ...{ from, until },
  })
  const at = now()
  const read = async (period: Period) => {
    const [sum, models] = await Promise.all([
      totals(clickhouse, scopeOf(period)),
      spendBy(clickhouse, { ...scopeOf(period), by: 'model', limit: MODELS_MAX }),
    ])
    return { sum, models: models.map((one) => ({ ...one, name: nameOf(one, (value) => value) })) }
  }
  const before = samePartBefore(budget.periodRule, current.period, at)
  const [running, then] = await Promise.all([
    read({ from: current.period.from, until: at }),
    before === null ? null : read(before),
  ])
  return {
    spent: running.sum.cost,
    models: running.models,
    before:
      before === null || then === null
        ? null
        : { spent: then.sum.cost, movers: moversOf(running.models, then.models, 1) },
  }
}
