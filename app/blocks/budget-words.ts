/** What cards, notices, Home and lists say of a budget in the same words: its figures, its state, what its ladder does. */
import type { BudgetPeriod, BudgetSnapshot, BudgetState } from '../../core/budget/budget.ts'
import { type Measures, stopPercentOf } from '../../core/budget/ladder.ts'
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import { type Each, ONE_COUNTER, ownerOf, type Scope } from '../../core/budget/scope.ts'
import { scopeWords } from '../../core/budget/scope-words.ts'
import type { WideStop } from '../../core/budget/verdict.ts'
import { percentOf, showUsd, subtractUsd, zeroUsd } from '../../core/money.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import { PRICE_LIST } from '../../core/pricing/price-list.ts'
import { unreachable } from '../../core/unreachable.ts'
import { bar, calls, clip, escapeText, instant, listed, name, who } from './text.ts'

/** `*$40.00* spent + $2.10 held of $120.00 (incl. $20.00 carried over)  ·  $77.90 left` */
export function figuresOf({ budget, current }: BudgetSnapshot): string {
  const { spent, estimated, unpricedEvents, held, carried } = current
  const counted = countedIn(current)
  const limit = limitIn(budget, current)
  const parts = [
    ...(estimated > zeroUsd
      ? [`about ${showUsd(estimated)} for ${calls(unpricedEvents)} without a price`]
      : []),
    ...(held > zeroUsd ? [`${showUsd(held)} held`] : []),
  ]
  const used = `*${showUsd(spent)}*${parts.length > 0 ? ` spent + ${parts.join(' + ')}` : ''}`
  const whole =
    carried > zeroUsd ? `${showUsd(limit)} (incl. ${showUsd(carried)} carried over)` : showUsd(limit)
  const left = subtractUsd(subtractUsd(limit, counted), held)
  const over = subtractUsd(counted, limit)
  const rest =
    over > zeroUsd
      ? `${showUsd(over)} over`
      : left > zeroUsd
        ? `${showUsd(left)} left`
        : held > zeroUsd
          ? 'the rest is held'
          : 'nothing left'
  return `${used} of ${whole}  ·  ${rest}`
}

/** The bar and the percent of what is spent, estimates of calls without a price included. */
export function barOf({ budget, current }: BudgetSnapshot): string {
  const limit = limitIn(budget, current)
  const counted = countedIn(current)
  return `${bar(counted, limit)}  *${percentOf(counted, limit)}%*`
}

/** `November 2026`, `week of 23 Nov 2026`. */
export const periodName = ({ budget, current }: BudgetSnapshot): string =>
  nameOfPeriod(budget.periodRule, current.period)

/** As a heading: a scope in words begins as a sentence does, a chosen name as it was chosen. */
export function titleOf(stored: Pick<BudgetSnapshot, 'budget'>): string {
  const { title, scope } = stored.budget
  const isWords = scope.projectId === null && scopeOf(stored) === null
  return isWords ? `${title.charAt(0).toUpperCase()}${title.slice(1)}` : title
}

/** What it covers, where its title does not say so. */
export function scopeOf({ budget }: Pick<BudgetSnapshot, 'budget'>): string | null {
  const words = scopeWords(budget.scope, budget.projectName)
  return words === budget.title ? null : words
}

/** `*support-bot*`, and of one counter `user u1 of *support-bot*`. */
export function subjectOf({ budget, current }: BudgetSnapshot): string {
  const title = `*${name(budget.title)}*`
  const whose = counterName(budget.scope, current)
  return whose === null ? title : `${whose} of ${title}`
}

/** Null for the budget itself. */
export function counterName(
  { each }: Pick<Scope, 'each'>,
  { counter, ownerName }: Pick<BudgetPeriod, 'counter' | 'ownerName'>,
): string | null {
  if (each === null || counter === ONE_COUNTER) return null
  const owner = ownerName ?? ownerOf(counter)
  return owner === null ? `calls that name no ${each}` : `${each} ${name(owner)}`
}

export const countOfEach = (each: Each, count: number): string =>
  `${count.toLocaleString('en-US')} ${each}${count === 1 ? '' : 's'}`

/** Each a clause: `gpt-4o answers as gpt-4o-mini`, `at most 60 calls a minute`, `staging is stopped`. */
export function measureWords({ downgrades, callsPerMinute, stoppedEnvironments }: Measures): string[] {
  const environments = stoppedEnvironments.map((one) => `*${name(one)}*`)
  return [
    ...downgrades.map(({ from, to }) => `${name(from)} answers as ${name(to)}`),
    ...(callsPerMinute === null ? [] : [`at most ${callsPerMinute.toLocaleString('en-US')} calls a minute`]),
    ...(environments.length === 0
      ? []
      : [`${listed(environments)} ${environments.length === 1 ? 'is' : 'are'} stopped`]),
  ]
}

/** `the limit is reached`; of a budget that stops elsewhere than at 100%, where. */
export function reachedWords({ budget }: Pick<BudgetSnapshot, 'budget'>): string {
  const stop = stopPercentOf(budget.ladder)
  return stop === null || stop === 100 ? 'the limit is reached' : `${stop}% of the limit is reached`
}

/** `they stop at 100%`, or that they do not. */
export function stopWords({ budget }: Pick<BudgetSnapshot, 'budget'>): string {
  const stop = stopPercentOf(budget.ladder)
  return stop === null ? 'this budget warns and never stops them' : `they stop at ${stop}%`
}

export function stateMark({ kind }: BudgetState): string {
  switch (kind) {
    case 'idle':
      return ':white_circle:'
    case 'open':
      return ':large_green_circle:'
    case 'warned':
      return ':large_yellow_circle:'
    case 'overridden':
      return ':large_blue_circle:'
    case 'stopped':
      return ':octagonal_sign:'
    default:
      return unreachable(kind)
  }
}

/** In a few words, for a line of a list. */
export function stateWords(state: BudgetState, stored: Pick<BudgetSnapshot, 'budget'>): string {
  switch (state.kind) {
    case 'idle':
      return 'Not running'
    case 'open':
      return 'Open'
    case 'warned':
      return `Past ${state.percent}%`
    case 'overridden':
      return `Overridden until ${instant(state.until)} or ${showUsd(state.ceiling)}`
    case 'stopped':
      return state.by === 'person' ? `Stopped by ${who(state.person)}` : `Stopped: ${reachedWords(stored)}`
    default:
      return unreachable(state)
  }
}

/** `*Everything is stopped* by @alex since 12:00: the key leaked`. */
export function wideStopWords(
  { at, by, reason }: Pick<WideStop, 'at' | 'by' | 'reason'>,
  projectName: string | null,
): string {
  const what = projectName === null ? '*Everything is stopped*' : `*${name(projectName)}* is stopped`
  const why = reason.trim() === '' ? '.' : `: ${escapeText(clip(reason.replaceAll('\n', ' '), 300))}`
  return `${what} by ${who(by)} since ${instant(at)}${why}`
}

/** Which prices figures are by. Without its `@`, for which Slack would make an address of it. */
export const priceListWords = (): string => `Prices of ${PRICE_LIST.replace('@', ' ')}`
