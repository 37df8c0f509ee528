/**
 * One step of one recount: take its cut, wait for the archive to pass it, sum, and set the figures. A kill anywhere loses
 * only the step: the next process does it again, and what was finished is finished.
 */

import { NO_FIGURES } from '../../core/budget/recount.ts'
import { MATCH_ALL } from '../../core/budget/scope.ts'
import type { ClickHouse } from '../../db/clickhouse/open.ts'
import { scopeSums } from '../../db/clickhouse/queries/scope-sums.ts'
import { daysAround } from '../../db/postgres/day-sums.ts'
import { type ArchivedSums, type Finished, finishRecount } from '../../db/postgres/finish-recount.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import {
  type DueRecount,
  giveUpRecount,
  noteRecount,
  readBudgetOf,
  readMissing,
  whileRecounting,
} from '../../db/postgres/recount-queue.ts'
import { takeCut } from '../../db/postgres/recount-requests.ts'
import type { StoredCut } from '../../db/postgres/stored-recount.ts'

export interface RecountDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly now: () => Date
}

export type Step =
  | Finished
  /** Another process does it, or it comes after another one of the same budget. */
  | { readonly kind: 'not_its_turn' }
  | { readonly kind: 'waits'; readonly why: string }
  | { readonly kind: 'given_up'; readonly why: string }

/** The archive is about a second behind. Later than this, what it lacks is said, and a start goes on without it. */
const PATIENCE_MS = 60_000
/** A check of a figure is no use to anyone a day later; a start is, until the last late event of its period is in. */
const CHECK_KEPT_MS = 24 * 60 * 60_000
const START_KEPT_MS = 40 * 24 * 60 * 60_000

export const recountNext = async (deps: RecountDeps, due: DueRecount): Promise<Step> =>
  (await whileRecounting(deps.postgres, due.id, () => step(deps, due))) ?? { kind: 'not_its_turn' }

async function step(deps: RecountDeps, due: DueRecount): Promise<Step> {
  const { postgres, now } = deps
  const taken = await takeCut(postgres, due, now())
  if (taken.kind === 'ended') return { kind: 'ended' }
  if (taken.kind === 'queued') return { kind: 'not_its_turn' }
  const missing = await readMissing(postgres.tables, due.orgId, taken.cut)
  if (missing.length === 0) return await finish(deps, due, taken.cut, true)
  return await wait(deps, due, taken.cut, missing.join('; '))
}

async function wait(deps: RecountDeps, due: DueRecount, cut: StoredCut, why: string): Promise<Step> {
  const { postgres, now } = deps
  const waitedMs = now().getTime() - due.requestedAt.getTime()
  if (waitedMs < PATIENCE_MS) return { kind: 'waits', why }
  const keptMs = due.purpose === 'check' ? CHECK_KEPT_MS : START_KEPT_MS
  if (waitedMs >= keptMs) {
    await giveUpRecount(postgres.tables, due.id, `given up: ${why}`, now())
    return { kind: 'given_up', why }
  }
  if (due.lastError !== why) await noteRecount(postgres.tables, due.id, why)
  // A part of the archive would make a right figure wrong, and one that was never counted better than none.
  if (due.purpose === 'start') await finish(deps, due, cut, false)
  return { kind: 'waits', why }
}

async function finish(
  { postgres, clickhouse, now }: RecountDeps,
  due: DueRecount,
  cut: StoredCut,
  isComplete: boolean,
): Promise<Finished> {
  const sums = await sumsOf({ postgres, clickhouse }, due, cut)
  if (sums === null) {
    await giveUpRecount(postgres.tables, due.id, 'the budget is gone', now())
    return { kind: 'ended' }
  }
  return await finishRecount(postgres, { ...due, sums, isComplete }, now())
}

/** Of the scope as it is now: whoever changes it ends the recounts of the one before. */
export async function sumsOf(
  { postgres, clickhouse }: Pick<RecountDeps, 'postgres' | 'clickhouse'>,
  due: DueRecount,
  cut: StoredCut,
): Promise<ArchivedSums | null> {
  const budget = await readBudgetOf(postgres.tables, due)
  if (budget === null) return null
  const { orgId, scope } = budget
  const whole = { projectId: scope.projectId, match: MATCH_ALL, each: null }
  const [counters, days] = await Promise.all([
    scopeSums(clickhouse, { orgId, scope, from: due.from, until: due.until }, cut),
    scopeSums(clickhouse, { orgId, scope: whole, ...daysAround(due) }, cut),
  ])
  return { counters, days: days.get('') ?? NO_FIGURES }
}
