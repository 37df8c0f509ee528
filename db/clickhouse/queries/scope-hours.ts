/**
 * What a budget's scope spent, hour by hour: the history of a forecast. From rollups where they have every column that
 * the scope asks for, and from raw rows otherwise; adjustments included either way.
 */
import type { Scope } from '../../../core/budget/scope.ts'
import { type NanoUsd, nanoUsd } from '../../../core/money.ts'
import type { Period } from '../../../core/period.ts'
import type { ClickHouse } from '../open.ts'
import { querySpend } from './source.ts'
import { rollupFor } from './spend-filter.ts'

export interface ScopeHour {
  readonly from: Date
  readonly spent: NanoUsd
}

/** Hours in which nothing was spent are left out; in the order of time. */
export async function scopeHours(
  clickhouse: ClickHouse,
  { orgId, scope, from, until }: Period & { readonly orgId: string; readonly scope: Scope },
): Promise<ScopeHour[]> {
  const { projectId, match: filter } = scope
  const projectIds = projectId === null ? null : [projectId]
  const rows = await querySpend<{ hour_s: number; spent: string }>(
    clickhouse,
    { orgId, projectIds, from, until, filter },
    {
      source: {
        rollup: rollupFor(null, filter),
        groups: { source_hour: 'hour' },
        measures: {
          source_spent: { rolled: 'sum(cost_nano_usd)', raw: 'sum(ifNull(cost_nano_usd, 0))' },
        },
      },
      select: `SELECT toUnixTimestamp(source_hour) AS hour_s, sum(source_spent) AS spent
        FROM source GROUP BY hour_s HAVING spent != 0 ORDER BY hour_s`,
    },
  )
  return rows.map(({ hour_s: hourS, spent }) => ({
    from: new Date(hourS * 1000),
    spent: nanoUsd(BigInt(spent)),
  }))
}
