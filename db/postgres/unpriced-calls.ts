/**
 * Calls without a price, each with what it is taken to cost, until an adjustment prices it. A counter's estimate is the sum
 * of those that it counts: kept beside the ledger's other rows, so that it can be derived again at any time, for a budget
 * that did not exist when they came too.
 * Invariant: a row is here exactly while its call was admitted and has no price; written where the call is admitted.
 */
import { eq, inArray, sql } from 'drizzle-orm'
import { type CallFacts, type Counter, counterOf } from '../../core/budget/scope.ts'
import { unpricedCallsOf } from '../../core/event/adjustment.ts'
import { identityOf } from '../../core/event/identity.ts'
import { addUsd, type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'
import type { Period } from '../../core/period.ts'
import { estimateUnpriced } from '../../core/pricing/high-estimate.ts'
import type { Candidate } from './admit.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { recordset } from './counters.ts'
import type { Queryable } from './open.ts'
import { holds, unpricedCalls } from './schema.ts'

/** What a candidate adds to the estimates, or takes back. */
export interface EstimateChange {
  /** Of the call, also where an adjustment prices it. */
  readonly identity: string
  readonly amount: NanoUsd
  readonly model: string
}

export type EstimateChanges = ReadonlyMap<Candidate, EstimateChange>

export const NO_ESTIMATES: EstimateChanges = new Map()

/** Keeps those of `admitted` that have no price, and forgets those that are priced now. */
export async function recordUnpriced(
  tx: Queryable,
  admitted: readonly Candidate[],
): Promise<EstimateChanges> {
  const changes = new Map<Candidate, EstimateChange>()
  const rows: object[] = []
  const priced = new Map<string, Candidate>()
  for (const candidate of admitted) {
    const { event } = candidate
    const unpriced = unpricedCallsOf(event)
    if (unpriced < 0 && event.adjusts) {
      priced.set(identityOf({ ...event, requestId: event.adjusts.requestId }), candidate)
    }
    if (unpriced <= 0) continue
    const facts = candidate.facts()
    const identity = candidate.keys?.identity ?? identityOf(event)
    const { amount } = estimateUnpriced(candidate.tokens(), facts.provider)
    changes.set(candidate, { identity, amount, model: modelOf(facts) })
    rows.push(toRow(candidate, identity, amount, facts))
  }
  if (rows.length > 0) await insertRows(tx, rows)
  for (const gone of await deleteRows(tx, [...priced.keys()])) {
    const candidate = priced.get(gone.identity.replaceAll('-', ''))
    const amount = nanoUsd(-BigInt(gone.amount))
    if (candidate) changes.set(candidate, { ...gone, identity: gone.identity.replaceAll('-', ''), amount })
  }
  return changes
}

const modelOf = ({ provider, model }: Pick<CallFacts, 'provider' | 'model'>): string => `${provider}/${model}`

const toRow = ({ event }: Candidate, identity: string, amount: NanoUsd, facts: CallFacts): object => ({
  ...{ identity, org_id: event.orgId, project_id: event.projectId, ts: event.ts.toISOString() },
  ...{ model: modelOf(facts), amount: amount.toString(), facts },
})

async function insertRows(tx: Queryable, rows: readonly object[]): Promise<void> {
  await tx.execute(sql`
    insert into unpriced_calls (identity, org_id, project_id, ts, model, estimate_nano_usd, facts)
    select identity, org_id, project_id, ts, model, amount, facts from ${recordset(rows)} as seen
      (identity uuid, org_id text, project_id text, ts timestamptz, model text, amount bigint, facts jsonb)
    on conflict do nothing`)
}

async function deleteRows(tx: Queryable, identities: readonly string[]) {
  if (identities.length === 0) return []
  return await tx.execute<{ identity: string; amount: string; model: string }>(sql`
    delete from unpriced_calls where identity = any(${`{${identities.join(',')}}`}::uuid[])
    returning identity, estimate_nano_usd as amount, model`)
}

/** What calls without a price come to by counter, summed anew; a hold that stands for one counts in its place. */
export async function sumEstimates(
  tx: Queryable,
  { budget }: Pick<BudgetSettings, 'budget'>,
  period: Period,
): Promise<ReadonlyMap<Counter, EstimatedCounter>> {
  const { scope, orgId, id } = budget
  const rows = await tx.execute<{ facts: CallFacts; model: string; amount: string; counters: string[] }>(sql`
    select facts, model, sum(estimate_nano_usd)::text as amount, counters from (
      select unpriced_calls.*, array(
        select hold_entries.counter from holds join hold_entries on hold_entries.hold_id = holds.id
        where holds.identity = unpriced_calls.identity and ${STANDS}
          and hold_entries.budget_id = ${id} and hold_entries.period_from = ${period.from.toISOString()}
      ) as counters
      from unpriced_calls
      where org_id = ${orgId} and ts >= ${period.from.toISOString()} and ts < ${period.until.toISOString()}
        and (${scope.projectId}::text is null or project_id = ${scope.projectId}::text)
    ) as calls group by facts, model, counters`)
  const sums = new Map<Counter, EstimatedCounter>()
  for (const { facts, model, amount, counters } of rows) {
    const counter = counterOf(scope, facts)
    if (counter === null) continue
    const known = sums.get(counter) ?? { estimated: zeroUsd, models: [] }
    const isCounted = budget.onUnpriced === 'estimate_high' && !counters.includes(counter)
    const estimated = isCounted ? addUsd(known.estimated, nanoUsd(BigInt(amount))) : known.estimated
    sums.set(counter, { estimated, models: [...new Set([...known.models, model])].sort() })
  }
  return sums
}

export interface EstimatedCounter {
  readonly estimated: NanoUsd
  readonly models: readonly string[]
}

/** A call that has no price. */
export interface EstimatedCall {
  readonly requestId: string
  readonly attempt: number
  readonly ts: Date
  readonly facts: CallFacts
  readonly amount: NanoUsd
}

/** Those of these calls that were held and have no price. */
export async function readEstimatedCalls(
  tx: Queryable,
  identities: readonly string[],
): Promise<EstimatedCall[]> {
  if (identities.length === 0) return []
  const rows = await tx
    .select({ call: unpricedCalls, requestId: holds.requestId, attempt: holds.attempt })
    .from(unpricedCalls)
    .innerJoin(holds, eq(holds.identity, unpricedCalls.identity))
    .where(inArray(unpricedCalls.identity, [...identities]))
  return rows.map(({ call: { ts, facts, estimate }, ...of }) => ({ ...of, ts, facts, amount: estimate }))
}

/**
 * Whether a hold stands for its call, whose event had no price: it is, or was to the period's end, kept for it beyond
 * its own grace, or the caller has said what the call cost.
 */
export const STANDS = sql`(holds.state = 'settled' or (holds.state in ('live', 'expired')
  and holds.counted_until > holds.expires_at + interval '60 seconds'))`

/** Of these models, those that calls of this project, or organisation, still have no price for in the period. */
export async function stillUnpriced(
  tx: Queryable,
  { scope, orgId }: BudgetSettings['budget'],
  { from, until }: Period,
  models: readonly string[],
): Promise<string[]> {
  const rows = await tx.execute<{ model: string }>(sql`
    select model from unnest(${sql.param([...models])}::text[]) as known (model)
    where exists (select 1 from unpriced_calls where org_id = ${orgId} and unpriced_calls.model = known.model
      and ts >= ${from.toISOString()} and ts < ${until.toISOString()}
      and (${scope.projectId}::text is null or project_id = ${scope.projectId}::text))`)
  return rows.map(({ model }) => model).sort()
}
