/** What a budget's scope spent, hour by hour: the history of a forecast. From every archived row, adjustments included. */
import type { Scope } from '../../../core/budget/scope.ts'
import { type NanoUsd, nanoUsd } from '../../../core/money.ts'
import type { Period } from '../../../core/period.ts'
import type { ClickHouse } from '../open.ts'
import { filterOf } from './scope-filter.ts'

export interface ScopeHour {
  readonly from: Date
  readonly spent: NanoUsd
}

/** Hours in which nothing was spent are left out; in the order of time. */
export async function scopeHours(
  clickhouse: ClickHouse,
  { orgId, scope, from, until }: Period & { readonly orgId: string; readonly scope: Scope },
): Promise<ScopeHour[]> {
  const { where, params } = filterOf(orgId, scope)
  const result = await clickhouse.query({
    query: `SELECT toUnixTimestamp(toStartOfHour(ts)) AS hour_s, sum(ifNull(cost_nano_usd, 0)) AS spent
      FROM events
      WHERE ${where} AND ts >= {from:DateTime64(3, 'UTC')} AND ts < {until:DateTime64(3, 'UTC')}
      GROUP BY hour_s HAVING spent != 0 ORDER BY hour_s`,
    query_params: { ...params, from, until },
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ hour_s: number; spent: string }>()
  return rows.map(({ hour_s: hourS, spent }) => ({
    from: new Date(hourS * 1000),
    spent: nanoUsd(BigInt(spent)),
  }))
}
