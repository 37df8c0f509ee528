/**
 * Repricings: adjustments are counted in one transaction as calls are, and kept until the archive has them.
 * Invariant: an adjustment is counted exactly when it is pending or archived. Its identity says which call and how
 * often that was adjusted before, so that two repricings that saw the same past count it once.
 */
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Adjustment } from '../../core/event/adjustment.ts'
import { newId } from '../../core/ids.ts'
import { addUsd, type NanoUsd, zeroUsd } from '../../core/money.ts'
import { candidateOf } from './admit.ts'
import { recordDeed } from './audit.ts'
import { countEvents } from './ledger.ts'
import type { Postgres, Queryable } from './open.ts'
import { pendingAdjustments, repricings } from './schema.ts'
import { fromDbAdjustment, type NumberedAdjustment, toDbAdjustment } from './stored-adjustment.ts'

export interface RepricingRequest {
  readonly orgId: string
  readonly by: string
  /** What it is about, as the audit trail shows it. */
  readonly scope: Readonly<Record<string, unknown>>
}

/** Adjustments that one transaction counted, numbered: the archive writes them as one range. */
export interface PendingRange {
  readonly repricingId: string
  readonly fromOrdinal: number
  readonly nextOrdinal: number
  readonly events: readonly NumberedAdjustment[]
}

/** Sets these locks apart from those of projects. */
const LOCK_CLASS = 7_002

/**
 * Runs `work` while nobody else reprices this organisation; null when somebody does. `work` calls `stillHeld` between
 * its steps, which takes care that the lock is not given up as idle, and throws when it was lost.
 */
export function whileRepricing<T>(
  postgres: Postgres,
  orgId: string,
  work: (stillHeld: () => Promise<void>) => Promise<T>,
): Promise<T | null> {
  return postgres.tables.transaction(async (tx) => {
    const [row] = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${orgId})) as mine`,
    )
    if (row?.mine !== true) return null
    return await work(async () => {
      await tx.execute(sql`select 1`)
    })
  })
}

/** The repricing begins with its first adjustments: one that finds nothing to do leaves no trace. */
async function beginRepricing(
  tx: Queryable,
  { orgId, by, scope }: RepricingRequest,
  now: Date,
): Promise<string> {
  const id = newId('rpr', now)
  await tx.insert(repricings).values({
    ...{ id, orgId, by, scope, begunAt: now },
    ...{ adjustments: 0, newlyPriced: 0, difference: zeroUsd },
  })
  const deed = {
    actor: by,
    action: 'spend.repricing_begun',
    subject: id,
    after: scope,
    origin: 'cli',
  } as const
  await recordDeed(tx, { orgId, ...deed }, now)
  return id
}

/** Counts what no one has counted, all or nothing. `repricingId` is null before the first of a request. */
export function countAdjustments(
  postgres: Postgres,
  request: RepricingRequest,
  repricingId: string | null,
  adjustments: readonly Adjustment[],
  now: Date,
): Promise<PendingRange> {
  return postgres.tables.transaction(async (tx) => {
    const id = repricingId ?? (await beginRepricing(tx, request, now))
    const [row] = await tx.select().from(repricings).where(eq(repricings.id, id)).for('update')
    if (!row) throw new Error(`there is no repricing ${id}`)
    // What lowers the spend comes first, so that no threshold is crossed that the whole does not reach.
    const events = adjustments
      .toSorted((a, b) => compare(a.cost ?? 0n, b.cost ?? 0n))
      .map((event, offset) => ({ offset, ...candidateOf(event) }))
    const { admitted } = await countEvents(tx, events, now)
    const fromOrdinal = row.adjustments
    const counted = admitted.map(
      ({ event }, index): NumberedAdjustment => ({
        ...event,
        ...{ journalId: id, journalOffset: fromOrdinal + index },
      }),
    )
    const nextOrdinal = fromOrdinal + counted.length
    const range = { repricingId: id, fromOrdinal, nextOrdinal }
    if (counted.length === 0) return { ...range, events: [] }
    const of = { orgId: request.orgId, events: counted.map(toDbAdjustment) }
    await tx.insert(pendingAdjustments).values({ ...range, ...of })
    await tx
      .update(repricings)
      .set({
        adjustments: nextOrdinal,
        newlyPriced: row.newlyPriced - counted.reduce((sum, { adjusts }) => sum + adjusts.unpricedCalls, 0),
        difference: counted.reduce<NanoUsd>((sum, { cost }) => addUsd(sum, cost ?? zeroUsd), row.difference),
      })
      .where(eq(repricings.id, id))
    return { ...range, events: counted }
  })
}

/** Counted and not known to be archived, of all repricings of the organisation, in the order of their counting. */
export async function nextPending(tx: Queryable, orgId: string): Promise<PendingRange | null> {
  const [row] = await tx
    .select()
    .from(pendingAdjustments)
    .where(eq(pendingAdjustments.orgId, orgId))
    .orderBy(asc(pendingAdjustments.repricingId), asc(pendingAdjustments.fromOrdinal))
    .limit(1)
  if (!row) return null
  return { ...row, events: row.events.map(fromDbAdjustment) }
}

/** How many adjustments wait for the archive. */
export async function countPending(tx: Queryable, orgId: string): Promise<number> {
  const [row] = await tx
    .select({
      count: sql<string>`coalesce(sum(${pendingAdjustments.nextOrdinal} - ${pendingAdjustments.fromOrdinal}), 0)`,
    })
    .from(pendingAdjustments)
    .where(eq(pendingAdjustments.orgId, orgId))
  return Number(row?.count ?? 0)
}

/** The range is in every store. */
export async function forgetPending(
  tx: Queryable,
  { repricingId, fromOrdinal }: Pick<PendingRange, 'repricingId' | 'fromOrdinal'>,
): Promise<void> {
  await tx
    .delete(pendingAdjustments)
    .where(
      and(eq(pendingAdjustments.repricingId, repricingId), eq(pendingAdjustments.fromOrdinal, fromOrdinal)),
    )
}

/** Ends what is unfinished of an organisation, each with its audit row: a repricing of now, or one that was killed. */
export function finishRepricings(postgres: Postgres, orgId: string, now: Date): Promise<number> {
  return postgres.tables.transaction(async (tx) => {
    const ended = await tx
      .update(repricings)
      .set({ finishedAt: now })
      .where(and(eq(repricings.orgId, orgId), isNull(repricings.finishedAt)))
      .returning()
    for (const { id, by, adjustments, newlyPriced, difference } of ended) {
      const after = {
        ...{ adjustments, newly_priced: newlyPriced },
        difference_nano_usd: difference.toString(),
      }
      const deed = { actor: by, action: 'spend.repriced', subject: id, after, origin: 'cli' } as const
      await recordDeed(tx, { orgId, ...deed }, now)
    }
    return ended.length
  })
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
