/**
 * Prices calls anew by today's prices: first what that would change, then, when asked, the change.
 * Invariant: applying twice is applying once. What an earlier run counted is in the archive before calls are read, one
 * run at a time works for an organisation, and an adjustment that was counted is counted no second time.
 */
import { identityOf } from '../../core/event/identity.ts'
import type { PriceBook } from '../../core/pricing/rates.ts'
import { type CallSoFar, type Repriced, repriceEvent } from '../../core/pricing/reprice-event.ts'
import { type ArchiveStores, writeRange } from '../../db/archive/write-range.ts'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import { callsToReprice, type RepriceScope } from '../../db/clickhouse/queries/calls-to-reprice.ts'
import { placedRows } from '../../db/event-rows/placed-rows.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import {
  countAdjustments,
  finishRepricings,
  forgetPending,
  nextPending,
  type PendingRange,
  type RepricingRequest,
  whileRepricing,
} from '../../db/postgres/repricings.ts'
import { type Difference, openDifference } from './difference.ts'

export interface PreviewDeps {
  readonly clickhouse: ClickHouse
  readonly book: PriceBook
  readonly now: () => Date
}

export interface RepriceDeps extends PreviewDeps, ArchiveStores {
  readonly postgres: Postgres
}

/** What applying would change now. Changes nothing. */
export async function previewReprice(deps: PreviewDeps, scope: RepriceScope): Promise<Difference> {
  const difference = openDifference()
  for await (const page of callsToReprice(deps.clickhouse, scope)) {
    for (const { soFar, outcome } of repricePage(deps, page)) difference.add(soFar, outcome)
  }
  return difference
}

export type AppliedReprice =
  | {
      readonly kind: 'applied'
      /** What this run has counted, what was as it should be, and what is still unpriced. */
      readonly difference: Difference
      /** Adjustments of a run that was killed, which this one has brought to the archive. */
      readonly recovered: number
      /** Adjustments that ClickHouse lacks though the ledger has admitted their identity: left as they are. */
      readonly refused: number
    }
  /** Somebody else is repricing this organisation. */
  | { readonly kind: 'busy' }

export async function applyReprice(
  deps: RepriceDeps,
  scope: RepriceScope,
  by: string,
): Promise<AppliedReprice> {
  const { postgres, now } = deps
  const request: RepricingRequest = { orgId: scope.orgId, by, scope: shown(scope) }
  const applied = await whileRepricing(postgres, scope.orgId, async (stillHeld) => {
    const recovered = await archivePending(deps, scope.orgId, stillHeld)
    await finishRepricings(postgres, scope.orgId, now())
    const difference = openDifference()
    let refused = 0
    let repricingId: string | null = null
    for await (const page of callsToReprice(deps.clickhouse, scope)) {
      const outcomes = repricePage(deps, page)
      const range = await applyPage(deps, request, repricingId, outcomes)
      repricingId = range?.repricingId ?? repricingId
      const counted = new Set(range?.events.map(identityOf))
      for (const { soFar, outcome } of outcomes) {
        if (outcome.kind !== 'adjusted' || counted.has(identityOf(outcome.adjustment)))
          difference.add(soFar, outcome)
        else refused += 1
      }
      await stillHeld()
    }
    await finishRepricings(postgres, scope.orgId, now())
    return { kind: 'applied', difference, recovered, refused } as const
  })
  return applied ?? { kind: 'busy' }
}

interface PageOutcome {
  readonly soFar: CallSoFar
  readonly outcome: Repriced
}

const repricePage = ({ book, now }: PreviewDeps, page: readonly CallSoFar[]): PageOutcome[] => {
  const at = now()
  return page.map((soFar) => ({ soFar, outcome: repriceEvent(soFar, book, at) }))
}

async function applyPage(
  deps: RepriceDeps,
  request: RepricingRequest,
  repricingId: string | null,
  outcomes: readonly PageOutcome[],
): Promise<PendingRange | null> {
  const { postgres, now } = deps
  const adjustments = outcomes.flatMap(({ outcome }) =>
    outcome.kind === 'adjusted' ? [outcome.adjustment] : [],
  )
  if (adjustments.length === 0) return null
  const range = await countAdjustments(postgres, request, repricingId, adjustments, now())
  if (range.events.length > 0) await archiveRange(deps, range, { isBegun: false })
  return range
}

async function archivePending(
  deps: RepriceDeps,
  orgId: string,
  stillHeld: () => Promise<void>,
): Promise<number> {
  let archived = 0
  for (
    let range = await nextPending(deps.postgres.tables, orgId);
    range !== null;
    range = await nextPending(deps.postgres.tables, orgId)
  ) {
    await archiveRange(deps, range, { isBegun: true })
    archived += range.events.length
    await stillHeld()
  }
  return archived
}

/** Ordinals are to a repricing what offsets are to a journal. */
async function archiveRange(
  deps: RepriceDeps,
  { repricingId, fromOrdinal, nextOrdinal, events }: PendingRange,
  { isBegun }: { readonly isBegun: boolean },
): Promise<void> {
  const range = { journalId: repricingId, fromOffset: fromOrdinal, nextOffset: nextOrdinal }
  await writeRange(deps, { ...range, isBegun, rows: placedRows(events) })
  await forgetPending(deps.postgres.tables, { repricingId, fromOrdinal })
}

const shown = ({ from, until, provider, model, unpricedOnly }: RepriceScope) => ({
  ...{ from: from.toISOString(), until: until.toISOString() },
  ...{ provider, model, unpriced_only: unpricedOnly },
})
