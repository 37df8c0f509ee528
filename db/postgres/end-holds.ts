/** What ends a hold beside the event of its call: its caller, or the clock. Done twice, each does what it did once. */
import { and, eq, inArray, lte, sql } from 'drizzle-orm'
import { counterOf } from '../../core/budget/scope.ts'
import { identityOf } from '../../core/event/identity.ts'
import { expire, isReported, release, type Step, settle } from '../../core/hold/hold.ts'
import { type NanoUsd, nanoUsd, zeroUsd } from '../../core/money.ts'
import { periodHolds } from '../../core/period.ts'
import { refOf } from './budget-periods.ts'
import { readBudgetSettings } from './budget-settings.ts'
import type { BudgetKey } from './budget-snapshots.ts'
import { countLocked } from './count-against-budgets.ts'
import { nameOfCounter } from './counters.ts'
import { namedHolds, readHold, readHolds, type StoredHold } from './hold-rows.ts'
import type { Postgres, Queryable } from './open.ts'
import { shareScopes } from './project-locks.ts'
import { budgets, holds } from './schema.ts'
import { byCounter, postingOf } from './settle-by-events.ts'
import { signalVerdicts } from './signals.ts'
import { type Stepped, stepHolds } from './step-holds.ts'
import { type EstimatedCall, readEstimatedCalls } from './unpriced-calls.ts'

export interface HoldRef {
  readonly projectId: string
  readonly holdId: string
}

export type EndedHold =
  | { readonly kind: 'hold'; readonly hold: StoredHold }
  /** This project has no such hold. */
  | { readonly kind: 'unknown' }

/** Posts what the caller says that the call cost, to the counters that held it; its event will post the difference. */
export const settleHold = (
  postgres: Postgres,
  { cost, ...ref }: HoldRef & { readonly cost: NanoUsd },
  now: Date,
): Promise<EndedHold> => endHold(postgres, ref, (hold) => settle(hold, cost, now), now)

/** The call was not made: what it held is free at once. */
export const releaseHold = (postgres: Postgres, ref: HoldRef, now: Date): Promise<EndedHold> =>
  endHold(postgres, ref, (hold) => release(hold, now), now)

function endHold(
  postgres: Postgres,
  ref: HoldRef,
  stepOf: (hold: StoredHold) => Step,
  now: Date,
): Promise<EndedHold> {
  return postgres.tables.transaction(async (tx): Promise<EndedHold> => {
    const seen = await readHold(tx, ref)
    if (seen === null) return { kind: 'unknown' }
    // Most repeats, and all that come after the event: nothing is locked for them.
    if (stepOf(seen).hold === seen) return { kind: 'hold', hold: seen }
    await shareScopes(tx, [seen.projectId, seen.orgId])
    // Read again: its budget may have got another period meanwhile, to which it was moved.
    const stepped = await stepHolds(tx, await readHolds(tx, namedHolds([seen.id])), stepOf)
    await post(tx, stepped, now)
    const [ended] = stepped.holds
    return { kind: 'hold', hold: ended ? { ...ended.before, ...ended.after } : seen }
  })
}

async function post(tx: Queryable, { holds: stepped, locked }: Stepped, now: Date): Promise<void> {
  const postings = stepped.flatMap(({ before, changes }) =>
    changes
      .filter(({ spent }) => spent !== 0n)
      .map((change) => ({ ...change, entry: postingOf(before, change.spent) })),
  )
  const stood = await noLongerEstimated(tx, stepped)
  if (postings.length === 0 && stood.length === 0) return
  const entries = byCounter(postings)
  const ids = [...new Set(locked.map(({ budgetId }) => budgetId))]
  const settings = new Map(
    (await readBudgetSettings(tx, inArray(budgets.id, ids))).map((of) => [of.budget.id, of]),
  )
  const keys = locked.flatMap((counter): BudgetKey[] => {
    const of = settings.get(counter.budgetId)
    return of ? [{ settings: of, period: counter, counter: counter.counter }] : []
  })
  const back = new Map(
    keys.map((key) => [nameOfCounter(refOf(key)), stood.flatMap((call) => takingBack(call, key))]),
  )
  const entriesOf = (name: string) => [...(back.get(name) ?? []), ...(entries.get(name) ?? [])]
  const counted = keys.filter((key) => entriesOf(nameOfCounter(refOf(key))).length > 0)
  const { touched } = await countLocked(tx, counted, entriesOf, now)
  await signalVerdicts(tx, touched)
}

/** A hold that is settled late stands for its call from now on, whose event came without a price before. */
async function noLongerEstimated(tx: Queryable, stepped: Stepped['holds']): Promise<EstimatedCall[]> {
  const identities = stepped
    .filter(
      ({ before, after }) => after.state === 'settled' && before.state !== 'settled' && !isReported(before),
    )
    .map(({ before }) => identityOf(before))
  return await readEstimatedCalls(tx, identities)
}

function takingBack({ facts, ts, amount, ...call }: EstimatedCall, { settings, period, counter }: BudgetKey) {
  const { scope, onUnpriced } = settings.budget
  const isCounted =
    onUnpriced === 'estimate_high' && counterOf(scope, facts) === counter && periodHolds(period, ts)
  return isCounted ? [{ ...postingOf(call, zeroUsd), estimate: nanoUsd(-amount) }] : []
}

const AT_ONCE = 500

/** Ends the holds of which nobody has said what became of them, once their grace is over; says how many. */
export async function expireHolds(postgres: Postgres, now: Date): Promise<number> {
  let expired = 0
  for (;;) {
    const due = await readHolds(postgres.tables, and(eq(holds.state, 'live'), lte(holds.countedUntil, now)), {
      rowsMax: AT_ONCE,
    })
    expired += await expireThese(
      postgres,
      due.map(({ id }) => id),
      now,
    )
    if (due.length < AT_ONCE) return expired
  }
}

/** Those of these holds that are due. */
export async function expireThese(postgres: Postgres, ids: readonly string[], now: Date): Promise<number> {
  if (ids.length === 0) return 0
  return await postgres.tables.transaction(async (tx) => {
    const owners = await readHolds(tx, namedHolds(ids))
    await shareScopes(
      tx,
      owners.flatMap(({ projectId, orgId }) => [projectId, orgId]),
    )
    const seen = await readHolds(tx, namedHolds(ids))
    const { holds: stepped } = await stepHolds(tx, seen, (hold) => expire(hold, now))
    return stepped.filter(({ before, after }) => before.state !== after.state).length
  })
}

/** The holds that are due of these counters, by what is committed. */
export async function dueHoldsOf(tx: Queryable, budgetIds: readonly string[], now: Date): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select holds.id from holds
    where state = 'live' and counted_until <= ${now.toISOString()}::timestamptz and exists (
      select 1 from hold_entries where hold_entries.hold_id = holds.id
        and hold_entries.budget_id = any(${sql.param([...budgetIds])}::text[]))
    limit ${AT_ONCE}`)
  return rows.map(({ id }) => id)
}
