/** What the chart of a card is made of, and when it is made anew: at a crossing at once, else every few minutes at most. */
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import { budgetState } from '../../core/budget/state.ts'
import { percentOf, zeroUsd } from '../../core/money.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import type { CardFacts } from '../blocks/card.ts'

export type PicturePlan = Pick<StoredPicture, 'basis' | 'urgent'>

const MINUTE_MS = 60_000
/** A file is a message in the thread too, so that one comes rarely. */
const EVERY_MS = { link: 10 * MINUTE_MS, file: 360 * MINUTE_MS } as const

export type PictureKind = keyof typeof EVERY_MS

/** Null for a card without a chart: of many counters, of a period that is over or to come, or of nothing spent yet. */
export function picturePlan({ stored, forecast }: CardFacts, now: Date): PicturePlan | null {
  const { budget, current } = stored
  const counted = countedIn(current)
  const { from, until } = current.period
  if (budget.scope.each !== null || now < from || now >= until || counted === zeroUsd) return null
  const state = budgetState(stored, now)
  if (state.kind === 'idle') return null
  const limit = limitIn(budget, current)
  const past = state.kind === 'warned' ? state.percent : 0
  const urgent = [state.kind, past, limit, current.override?.id ?? ''].join('/')
  // With the day: what a link opens to is kept a month, and "now" moves on though nothing is spent.
  const day = Math.floor(now.getTime() / (24 * 60 * MINUTE_MS))
  return { urgent, basis: [urgent, percentOf(counted, limit), forecast?.at.getTime() ?? '', day].join('/') }
}

export function isPictureDue(
  shown: StoredPicture | null,
  plan: PicturePlan,
  { kind, now }: { readonly kind: PictureKind; readonly now: Date },
): boolean {
  if (shown === null || shown.source.kind !== kind || shown.urgent !== plan.urgent) return true
  return shown.basis !== plan.basis && now.getTime() - new Date(shown.shownAt).getTime() >= EVERY_MS[kind]
}
