/** Reads what a digest says: the spans from the archive, the budgets from the ledger. */
import { type DigestRule, nextSlot } from '../../core/digest/digest-slot.ts'
import { digestSpans } from '../../core/digest/digest-spans.ts'
import { type Line, moversOf } from '../../core/digest/movers.ts'
import type { Reach } from '../../core/people/reach.ts'
import type { Period } from '../../core/period.ts'
import { type Cut, NO_FILTER } from '../../db/clickhouse/queries/scope.ts'
import { spendBy, totals } from '../../db/clickhouse/queries/spend.ts'
import { unpricedModels } from '../../db/clickhouse/queries/unpriced-models.ts'
import { readReaches } from '../../db/postgres/forecast-reaches.ts'
import type { DigestFacts } from '../blocks/digest.ts'
import type { AppDeps } from '../deps.ts'
import { seenBudgets, seenCalls } from '../seen/seen.ts'
import { nameOf } from '../spend/read-spend.ts'

/** Of each list: what a name costs is exact as long as it is among so many. */
const NAMES_MAX = 200
const MOVERS_MAX = 3
const UNPRICED_MAX = 5

type Reading = Pick<AppDeps, 'postgres' | 'clickhouse'>

export async function readDigestFacts(
  { postgres, clickhouse }: Reading,
  { reach, rule, slotDay }: { readonly reach: Reach; readonly rule: DigestRule; readonly slotDay: string },
  now: Date,
): Promise<DigestFacts> {
  const spans = digestSpans(rule, slotDay)
  const { tables } = postgres
  const scope = (span: Period) => seenCalls(reach, span)
  const failed = { ...NO_FILTER, fields: { status: ['error'] } }
  const lines = async (by: Cut, span: Period): Promise<Line[]> => {
    const groups = await spendBy(clickhouse, { ...scope(span), by, limit: NAMES_MAX })
    return groups.map(({ cost, ...group }) => ({
      name: nameOf(group, (value) => value),
      cost,
      isOther: group.isOther,
    }))
  }
  const movers = async (by: Cut) =>
    moversOf(...(await Promise.all([lines(by, spans.told), lines(by, spans.before)])), MOVERS_MAX)
  const [told, before, month, errors, models, routes, unpriced, budgets, reaches] = await Promise.all([
    totals(clickhouse, scope(spans.told)),
    totals(clickhouse, scope(spans.before)),
    totals(clickhouse, scope(spans.month)),
    totals(clickhouse, { ...scope(spans.told), filter: failed }),
    movers('model'),
    movers('route'),
    unpricedModels(clickhouse, { ...scope(spans.told), limit: UNPRICED_MAX + 1 }),
    seenBudgets(tables, reach, now),
    readReaches(tables, reach.orgId, now),
  ])
  return {
    ...{ spans, told, before, monthSpent: month.cost, errors: errors.events, models, routes },
    ...{ unpriced: unpriced.slice(0, UNPRICED_MAX), isUnpricedCut: unpriced.length > UNPRICED_MAX },
    ...{ budgets, reaches, rule, nextAt: nextSlot(rule, now).dueAt, asOf: now },
  }
}
