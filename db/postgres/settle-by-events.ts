/**
 * Events end the holds of their calls, in the transaction that counts them: what was held is freed as what was spent is
 * added, so that the sum of both never falls short of what is under way.
 */
import { sql } from 'drizzle-orm'
import type { SpendEntry } from '../../core/budget/decide.ts'
import { identityOf } from '../../core/event/identity.ts'
import { type CounterRef, settleByEvent } from '../../core/hold/hold.ts'
import type { NanoUsd } from '../../core/money.ts'
import type { Candidate, CountedEvent } from './admit.ts'
import { fromRefRow, type LockedCounter, millisOf, nameOfCounter, type RefRow } from './counters.ts'
import type { Queryable } from './open.ts'
import { stepLocked } from './step-holds.ts'

/** The holds of events that were admitted, read without a lock. */
export interface HeldCalls {
  /** What each of these calls cost, by the id of its hold; null where nobody knows. */
  readonly costs: ReadonlyMap<string, NanoUsd | null>
  readonly counters: readonly CounterRef[]
}

export const NO_HELD_CALLS: HeldCalls = { costs: new Map(), counters: [] }

export async function heldCallsOf(tx: Queryable, admitted: readonly Candidate[]): Promise<HeldCalls> {
  // Whoever asks for no holds pays for this one look, whatever the batch.
  if (admitted.length === 0 || !(await areThereHolds(tx))) return NO_HELD_CALLS
  const costs = new Map(
    admitted.flatMap(({ event, keys }) => (isSettling(event) ? [[callOf(event, keys), event.cost]] : [])),
  )
  const rows = await tx.execute<RefRow & { id: string; identity: string; budget_id: string | null }>(sql`
    select holds.id, holds.identity, budget_id, ${millisOf(sql`period_from`)} as from_ms, counter
    from holds left join hold_entries on hold_entries.hold_id = holds.id
    where identity = any(${`{${[...costs.keys()].join(',')}}`}::uuid[])`)
  return {
    costs: new Map(rows.map(({ id, identity }) => [id, costs.get(identity.replaceAll('-', '')) ?? null])),
    counters: rows.filter(({ budget_id }) => budget_id !== null).map(fromRefRow),
  }
}

async function areThereHolds(tx: Queryable): Promise<boolean> {
  const [row] = await tx.execute<{ any: boolean }>(sql`select exists (select 1 from holds) as any`)
  return row?.any ?? false
}

/** A correction of a price that was known is a difference: the call's own event has ended its hold. */
const isSettling = ({ adjusts }: CountedEvent): boolean => adjusts === undefined || adjusts.unpricedCalls < 0

function callOf(event: CountedEvent, keys: Candidate['keys']): string {
  if (event.adjusts === undefined) return keys?.identity ?? identityOf(event)
  return identityOf({ ...event, requestId: event.adjusts.requestId })
}

/** What was posted ahead of an event and is now taken back, beside what the event itself posts. */
export interface TakenBack extends CounterRef {
  readonly entry: SpendEntry
}

/** The counters of these holds are locked. */
export async function endHeldCalls(
  tx: Queryable,
  { costs }: HeldCalls,
  counters: readonly LockedCounter[],
  now: Date,
): Promise<TakenBack[]> {
  const stepped = await stepLocked(tx, [...costs.keys()], counters, (hold, periodUntil) =>
    settleByEvent(hold, costs.get(hold.id) ?? null, periodUntil, now),
  )
  return stepped.flatMap(({ before, changes }) =>
    changes
      .filter(({ spent }) => spent !== 0n)
      .map((change) => ({ ...change, entry: postingOf(before, change.spent) })),
  )
}

/** Adds to what was spent and counts no call: its event does. */
export const postingOf = (
  { requestId, attempt }: { readonly requestId: string; readonly attempt: number },
  cost: NanoUsd,
): SpendEntry => ({ requestId, attempt, cost, adjusts: { requestId, unpricedCalls: 0 } })

export const byCounter = (all: readonly TakenBack[]): ReadonlyMap<string, SpendEntry[]> => {
  const entries = new Map<string, SpendEntry[]>()
  for (const { entry, ...ref } of all) {
    const name = nameOfCounter(ref)
    entries.set(name, [...(entries.get(name) ?? []), entry])
  }
  return entries
}
