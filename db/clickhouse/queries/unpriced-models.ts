/** Models that were called and have no price: what a person must put right before spend is whole. */
import type { ClickHouse } from '../open.ts'
import type { SpendScope } from './scope.ts'
import { querySpend } from './source.ts'
import { rollupFor } from './spend-filter.ts'

export interface UnpricedModel {
  readonly provider: string
  readonly model: string
  /** Calls without a price, those left out that were repriced since; the same model may have priced ones too. */
  readonly unpricedEvents: number
  /** Tokens of all its calls in the range, priced ones too: how much is at stake, not what is due. */
  readonly tokensIn: number
  readonly tokensOut: number
}

/** The `limit` models with the most unpriced events, most first. */
export async function unpricedModels(
  clickhouse: ClickHouse,
  { limit, ...scope }: SpendScope & { limit: number },
): Promise<UnpricedModel[]> {
  const rows = await querySpend<
    Record<'provider' | 'model' | 'unpriced' | 'tokens_in' | 'tokens_out', string>
  >(clickhouse, scope, {
    source: {
      rollup: rollupFor('model', scope.filter),
      groups: { source_provider: 'provider', source_model: 'model' },
      measures: {
        source_unpriced: { rolled: 'sum(unpriced_events)', raw: 'sum(unpriced_calls)' },
        source_tokens_in: { rolled: 'sum(tokens_in)', raw: 'sum(tokens_in)' },
        source_tokens_out: { rolled: 'sum(tokens_out)', raw: 'sum(tokens_out)' },
      },
    },
    select: `SELECT source_provider AS provider, source_model AS model, sum(source_unpriced) AS unpriced,
          sum(source_tokens_in) AS tokens_in, sum(source_tokens_out) AS tokens_out
        FROM source GROUP BY provider, model HAVING unpriced > 0
        ORDER BY unpriced DESC, provider, model LIMIT {limit:UInt32}`,
    params: { limit },
  })
  return rows.map((row) => ({
    provider: row.provider,
    model: row.model,
    unpricedEvents: Number(row.unpriced),
    tokensIn: Number(row.tokens_in),
    tokensOut: Number(row.tokens_out),
  }))
}
