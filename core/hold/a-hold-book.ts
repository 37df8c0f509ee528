/**
 * For tests: budgets, holds and events as the stores keep them, in memory and by the same pure rules, so that whole lives
 * of calls can be played in any order.
 */
import { aBudget, aPeriod, NOVEMBER } from '../budget/a-budget.ts'
import type { Budget, BudgetPeriod, Override } from '../budget/budget.ts'
import { decide } from '../budget/decide.ts'
import { budgetState } from '../budget/state.ts'
import { ceilingOf } from '../budget/verdict.ts'
import { type NanoUsd, nanoUsd, zeroUsd } from '../money.ts'
import { demandOf, tooLarge } from './decide-hold.ts'
import { countedUntilOf, type Hold, type Step } from './hold.ts'

export interface HoldBook {
  readonly budget: Budget
  readonly current: BudgetPeriod
  readonly holds: ReadonlyMap<string, Hold>
  /** What each call cost by its event; null where it has no price. */
  readonly counted: ReadonlyMap<string, NanoUsd | null>
}

export const aHoldBook = (limit: NanoUsd): HoldBook => ({
  budget: aBudget({ mode: 'strict', limit }),
  current: aPeriod(),
  holds: new Map(),
  counted: new Map(),
})

const FACTS = {
  ...{ projectId: 'prj_1', provider: 'openai', model: 'gpt-4o', route: null, userId: null },
  ...{ apiKeyId: 'key_1', environment: 'production', tags: {} },
}

export const ceilingIn = ({ budget, current }: HoldBook, now: Date): NanoUsd => {
  const snapshot = { budget, current }
  return ceilingOf(snapshot, budgetState(snapshot, now))
}

/** Asks for a hold; the same book when it is refused, or was asked for before. */
export function asked(book: HoldBook, call: string, amount: NanoUsd, now: Date): HoldBook {
  if (book.holds.has(call) || book.counted.has(call)) return book
  const wanted = { kind: 'known', amount, priceVersion: 'test' } as const
  const snapshot = { budget: book.budget, current: book.current, liftUrl: null }
  const demand = demandOf({ facts: FACTS, wanted }, [snapshot], [], now)
  if (demand.kind === 'refused' || tooLarge(demand.parts, wanted) !== null) return book
  const expiresAt = new Date(now.getTime() + 600_000)
  const entries = demand.parts.map((part) => ({
    budgetId: 'bud_1',
    from: NOVEMBER.from,
    counter: '',
    amount: part.amount,
  }))
  const hold: Hold = {
    ...{ state: 'live', amount, entries, settled: null, isOver: false },
    ...{ expiresAt, countedUntil: countedUntilOf(expiresAt), endedAt: null },
  }
  return {
    ...book,
    current: { ...book.current, held: nanoUsd(book.current.held + amount) },
    holds: new Map([...book.holds, [call, hold]]),
  }
}

export function stepped(book: HoldBook, call: string, stepOf: (hold: Hold) => Step, now: Date): HoldBook {
  const hold = book.holds.get(call)
  if (!hold) return book
  const { hold: next, changes } = stepOf(hold)
  const held = changes.reduce((sum, change) => nanoUsd(sum + change.held), book.current.held)
  const entries = changes
    .filter(({ spent }) => spent !== 0n)
    .map(({ spent }) => ({ requestId: call, attempt: 1, cost: spent }))
  const { next: current } = decide(book.budget, { ...book.current, held }, entries, now)
  return { ...book, current, holds: new Map([...book.holds, [call, next]]) }
}

/** Counts the event of a call, once. */
export function reported(
  book: HoldBook,
  call: string,
  { cost, stepOf }: { readonly cost: NanoUsd | null; readonly stepOf: (hold: Hold) => Step },
  now: Date,
): HoldBook {
  if (book.counted.has(call)) return book
  const after = stepped(book, call, stepOf, now)
  const { next: current } = decide(after.budget, after.current, [{ requestId: call, attempt: 1, cost }], now)
  return { ...after, current, counted: new Map([...after.counted, [call, cost]]) }
}

export const withOverride = (book: HoldBook, override: Override | null): HoldBook => ({
  ...book,
  current: { ...book.current, override },
})

export const heldByHolds = ({ holds }: HoldBook): bigint =>
  [...holds.values()]
    .filter(({ state }) => state === 'live')
    .flatMap(({ entries }) => entries)
    .reduce((sum, { amount }) => sum + amount, zeroUsd as bigint)

/** What was settled by callers whose events have not come. */
export const postedAhead = ({ holds }: HoldBook): bigint =>
  [...holds.values()]
    .filter(({ state }) => state === 'settled')
    .flatMap(({ entries }) => entries)
    .reduce((sum, { amount }) => sum + amount, zeroUsd as bigint)
