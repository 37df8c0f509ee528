/** Calls under way stay held when their budget gets another period: by the one that runs now. */
import { sql } from 'drizzle-orm'
import type { CounterRef } from '../../core/hold/hold.ts'
import { nanoUsd } from '../../core/money.ts'
import type { Period } from '../../core/period.ts'
import { openPeriods } from './budget-periods.ts'
import type { BudgetSettings } from './budget-settings.ts'
import { addHeld, fromRefRow, millisOf, type RefRow } from './counters.ts'
import type { Queryable } from './open.ts'

/** The scope of the budget is taken, so that nobody else changes what it holds. Its leases are recalled. */
export async function moveHolds(
  tx: Queryable,
  { settings, from, to }: { readonly settings: BudgetSettings; readonly from: Period; readonly to: Period },
  now: Date,
): Promise<void> {
  const { id: budgetId } = settings.budget
  if (from.from.getTime() === to.from.getTime()) return
  const rows = await tx.execute<RefRow & { amount: string }>(sql`
    with moved as (
      update hold_entries set period_from = ${to.from.toISOString()}::timestamptz
      from holds where holds.id = hold_entries.hold_id and holds.state = 'live'
        and hold_entries.budget_id = ${budgetId}
        and hold_entries.period_from = ${from.from.toISOString()}::timestamptz
        -- One that was held next to the end of its period may be held by this one, too.
        and not exists (
          select 1 from hold_entries as there
          where there.hold_id = hold_entries.hold_id and there.budget_id = hold_entries.budget_id
            and there.period_from = ${to.from.toISOString()}::timestamptz
            and there.counter = hold_entries.counter)
      returning hold_entries.budget_id, hold_entries.period_from, counter, hold_entries.amount_nano_usd
    )
    select budget_id, ${millisOf(sql`period_from`)} as from_ms, counter, sum(amount_nano_usd)::bigint as amount
    from moved group by budget_id, period_from, counter`)
  const moved = rows.map((row) => ({ ref: fromRefRow(row), amount: nanoUsd(BigInt(row.amount)) }))
  await openPeriods(
    tx,
    moved.map(({ ref }) => ({ settings, period: to, counter: ref.counter })),
    now,
  )
  const before = (ref: CounterRef): CounterRef => ({ ...ref, from: from.from })
  await addHeld(
    tx,
    moved.flatMap(({ ref, amount }) => [
      { ...before(ref), held: nanoUsd(-amount) },
      { ...ref, held: amount },
    ]),
  )
}
