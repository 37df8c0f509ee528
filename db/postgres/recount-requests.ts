/**
 * Checks of a budget's figures: asked for by the ledger, in the transaction that counts, and begun by whoever recounts,
 * since the ledger shares its scopes and a cut needs one alone.
 */
import { and, eq, gt, inArray, isNull, ne, or } from 'drizzle-orm'
import { newId } from '../../core/ids.ts'
import type { Period } from '../../core/period.ts'
import { takeBudget } from './lock-budget.ts'
import type { Postgres, Queryable } from './open.ts'
import { readCut } from './recounts.ts'
import { budgetRecounts } from './schema.ts'
import { isCut, NO_CUT, type StoredCut } from './stored-recount.ts'

export interface CheckRequest {
  readonly orgId: string
  readonly budgetId: string
  readonly period: Period
}

/** One that was asked for and has not begun answers everybody who asks, and one that is no older than is said. */
export async function askForChecks(
  tx: Queryable,
  requests: readonly CheckRequest[],
  now: Date,
  againAfterMs = 0,
): Promise<void> {
  const wanted = new Map(requests.map((request) => [nameOf(request.budgetId, request.period.from), request]))
  if (wanted.size === 0) return
  const freshFrom = new Date(now.getTime() - againAfterMs)
  for (const { budgetId, from, cut, requestedAt, finishedAt } of await recountsOf(tx, requests, freshFrom)) {
    const isNotBegun = finishedAt === null && !isCut(cut)
    if (isNotBegun || requestedAt > freshFrom) wanted.delete(nameOf(budgetId, from))
  }
  if (wanted.size === 0) return
  await tx.insert(budgetRecounts).values(
    [...wanted.values()].map(({ orgId, budgetId, period: { from, until } }) => ({
      ...{ id: newId('rct', now), orgId, budgetId, purpose: 'check' as const, from, until },
      ...NO_CUT,
      requestedAt: now,
    })),
  )
}

const nameOf = (budgetId: string, from: Date): string => `${budgetId}/${from.getTime()}`

const recountsOf = (tx: Queryable, requests: readonly CheckRequest[], freshFrom: Date) =>
  tx
    .select()
    .from(budgetRecounts)
    .where(
      and(
        inArray(
          budgetRecounts.budgetId,
          requests.map(({ budgetId }) => budgetId),
        ),
        or(isNull(budgetRecounts.finishedAt), gt(budgetRecounts.requestedAt, freshFrom)),
      ),
    )

/** The cut of a recount, taken now where it had none. */
export type CutTaken =
  | { readonly kind: 'taken'; readonly cut: StoredCut }
  /** Another one of this budget and period is under way. */
  | { readonly kind: 'queued' }
  /** It has ended, or there is nothing that it could count. */
  | { readonly kind: 'ended' }

export async function takeCut(postgres: Postgres, ref: RecountRef, now: Date): Promise<CutTaken> {
  // Looked at first: taking the scope makes the ledger wait, and what is queued is looked at often.
  const known = await knownOf(postgres.tables, ref)
  if (known !== null) return known
  return await postgres.tables.transaction(async (tx): Promise<CutTaken> => {
    const settings = await takeBudget(tx, ref)
    const meanwhile = await knownOf(tx, ref)
    if (meanwhile !== null) return meanwhile
    const taken = settings && (await readCut(tx, settings, ref))
    const isThis = eq(budgetRecounts.id, ref.id)
    if (!taken || !isCut(taken.cut)) {
      const lastError = settings ? 'nothing was counted yet' : 'the budget is gone'
      await tx.update(budgetRecounts).set({ finishedAt: now, lastError }).where(isThis)
      return { kind: 'ended' }
    }
    await tx.update(budgetRecounts).set(taken).where(isThis)
    return { kind: 'taken', cut: taken.cut }
  })
}

export interface RecountRef extends Period {
  readonly id: string
  readonly orgId: string
  readonly budgetId: string
}

/** Null when it is for the caller to take the cut. */
async function knownOf(tx: Queryable, ref: RecountRef): Promise<CutTaken | null> {
  const [row] = await tx
    .select({ finishedAt: budgetRecounts.finishedAt, cut: budgetRecounts.cut })
    .from(budgetRecounts)
    .where(eq(budgetRecounts.id, ref.id))
  if (!row || row.finishedAt !== null) return { kind: 'ended' }
  if (isCut(row.cut)) return { kind: 'taken', cut: row.cut }
  return (await isAnotherUnderWay(tx, ref)) ? { kind: 'queued' } : null
}

async function isAnotherUnderWay(tx: Queryable, { id, budgetId, from }: RecountRef): Promise<boolean> {
  const others = await tx
    .select({ cut: budgetRecounts.cut })
    .from(budgetRecounts)
    .where(
      and(
        eq(budgetRecounts.budgetId, budgetId),
        eq(budgetRecounts.from, from),
        ne(budgetRecounts.id, id),
        isNull(budgetRecounts.finishedAt),
      ),
    )
  return others.some(({ cut }) => isCut(cut))
}
