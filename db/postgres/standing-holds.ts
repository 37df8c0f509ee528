/** Which counters a hold stands in for a call without a price, so that the call's own estimate is not counted beside it. */
import { sql } from 'drizzle-orm'
import type { CounterRef } from '../../core/hold/hold.ts'
import { fromRefRow, millisOf, nameOfCounter, type RefRow } from './counters.ts'
import type { Queryable } from './open.ts'
import { STANDS } from './unpriced-calls.ts'

export interface StandingHolds {
  readonly standsFor: (identity: string, counter: string) => boolean
}

export const NO_STANDING: StandingHolds = { standsFor: () => false }

/**
 * Of these calls; their counters are locked. `arriving` are those whose event comes now, by which a live hold begins to
 * stand for its call.
 */
export async function readStanding(
  tx: Queryable,
  identities: readonly string[],
  arriving: ReadonlySet<string>,
): Promise<StandingHolds> {
  if (identities.length === 0) return NO_STANDING
  const rows = await tx.execute<RefRow & { identity: string; stands: boolean; is_live: boolean }>(sql`
    select identity, budget_id, ${millisOf(sql`period_from`)} as from_ms, counter,
      ${STANDS} as stands, state = 'live' as is_live
    from holds join hold_entries on hold_entries.hold_id = holds.id
    where identity = any(${`{${identities.join(',')}}`}::uuid[])`)
  const standing = new Set(
    rows.flatMap((row) => {
      const identity = row.identity.replaceAll('-', '')
      return row.stands || (row.is_live && arriving.has(identity)) ? [nameOf(identity, fromRefRow(row))] : []
    }),
  )
  return { standsFor: (identity, counter) => standing.has(`${identity}/${counter}`) }
}

const nameOf = (identity: string, ref: CounterRef): string => `${identity}/${nameOfCounter(ref)}`
