/** The digest as a message: the finding first, then what is against it, what moved, and what needs somebody. */

import { countedIn, reaches as isPast, limitIn } from '../../core/budget/limit.ts'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { budgetState } from '../../core/budget/state.ts'
import type { DigestRule } from '../../core/digest/digest-slot.ts'
import { type DigestSpans, WEEKDAYS } from '../../core/digest/digest-spans.ts'
import type { Mover } from '../../core/digest/movers.ts'
import { divideHalfEven, type NanoUsd, percentOf, showUsd, subtractUsd } from '../../core/money.ts'
import type { UnpricedModel } from '../../db/clickhouse/queries/unpriced-models.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { COMMAND } from '../ids.ts'
import { barOf, figuresOf, periodName, stateMark, stateWords, subjectOf } from './budget-words.ts'
import type { Message } from './card.ts'
import { type Block, calls, clip, context, instant, listed, name, section, utc } from './text.ts'

interface Sum {
  readonly cost: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

export interface DigestFacts {
  readonly spans: DigestSpans
  readonly told: Sum
  readonly before: Sum
  readonly monthSpent: NanoUsd
  /** Calls of the span that ended badly. */
  readonly errors: number
  readonly models: readonly Mover[]
  readonly routes: readonly Mover[]
  readonly unpriced: readonly UnpricedModel[]
  readonly isUnpricedCut: boolean
  /** All of them; those that are close to their limit, or stopped, are shown. */
  readonly budgets: readonly StoredBudget[]
  /** When a budget is forecast to reach its limit, by its id. */
  readonly reaches: ReadonlyMap<string, Date>
  readonly rule: DigestRule
  readonly nextAt: Date
  readonly asOf: Date
}

const CLOSE_PERCENT = 75
const BUDGETS_MAX = 8

/** Of the last seven days, where the digest goes to a channel. */
export interface DigestPicture {
  readonly url: string
  readonly altText: string
}

export function digestMessage(facts: DigestFacts, picture: DigestPicture | null = null): Message {
  const finding = findingOf(facts)
  const close = closeBudgets(facts)
  const quiet = facts.told.events === 0
  const blocks: Block[] = [
    section(`*${finding}*\n${secondLine(facts)}`),
    ...(picture === null ? [] : [pictureBlock(picture)]),
    ...moverBlocks(facts),
    ...(facts.unpriced.length === 0 ? [] : [section(unpricedText(facts))]),
    ...(close.length === 0 ? [] : [section(budgetsText(close, facts))]),
    context(footOf(facts)),
  ]
  // A quiet day is one line, unless a budget needs somebody.
  if (quiet && facts.before.events === 0 && close.length === 0)
    return { text: finding, blocks: [section(finding), context(footOf(facts))] }
  return { text: [finding, ...(close.length === 0 ? [] : [closeCount(close.length)])].join(' '), blocks }
}

const pictureBlock = ({ url, altText }: DigestPicture): Block => ({
  ...{ type: 'image', image_url: url },
  alt_text: clip(altText, 2000),
})

export function findingOf({ told, before, spans }: DigestFacts): string {
  const when = spans.when
  if (told.events === 0)
    return before.events === 0
      ? `Nothing was spent ${when}.`
      : `Nothing was spent ${when}, after ${showUsd(before.cost)} ${spans.than}.`
  return `${showUsd(told.cost)} ${when}, ${comparison(told.cost, before, spans.than)}.`
}

function comparison(cost: NanoUsd, before: Sum, than: string): string {
  if (before.events === 0) return `with no calls ${than} to compare`
  if (before.cost <= 0n) return `after ${showUsd(before.cost)} ${than}`
  if (cost === before.cost) return `the same as ${than}`
  const isMore = cost > before.cost
  const delta = isMore ? subtractUsd(cost, before.cost) : subtractUsd(before.cost, cost)
  const percent = Number(divideHalfEven(delta * 100n, before.cost))
  // Many times as much reads better than thousands of percent.
  if (isMore && percent >= 1000) return `${(percent / 100 + 1).toFixed(0)} times as much as ${than}`
  const share = percent < 1 ? 'less than 1%' : `${percent}%`
  return `${share} ${isMore ? 'more' : 'less'} than ${than}`
}

function secondLine({ told, errors, monthSpent, budgets }: DigestFacts): string {
  const failed = errors === 0 ? 'none failed' : `${shareOf(errors, told.events)} failed`
  const all = told.events === 0 ? [] : [calls(told.events), failed]
  const whole = budgets.find(isOfEverything)
  const against = whole ? [`the budget of everything: ${clip(figuresOf(whole), 150)}`] : []
  return [...all, `${showUsd(monthSpent)} this month`, ...against].join('  ·  ')
}

const isOfEverything = ({ budget: { scope, periodRule } }: StoredBudget): boolean =>
  periodRule.kind === 'month' &&
  scope.projectId === null &&
  scope.each === null &&
  Object.keys(scope.match.fields).length === 0 &&
  Object.keys(scope.match.tags).length === 0

function shareOf(part: number, whole: number): string {
  const percent = (100 * part) / Math.max(whole, 1)
  return percent < 0.1 ? 'less than 0.1%' : `${percent.toFixed(percent < 10 ? 1 : 0)}%`
}

function moverBlocks({ models, routes, spans }: DigestFacts): Block[] {
  const part = (heading: string, movers: readonly Mover[]) =>
    movers.length === 0 ? [] : [`*${heading}*\n${movers.map(moverWords).join('\n')}`]
  const parts = [...part('Models that moved most', models), ...part('Routes that moved most', routes)]
  return parts.map((text, index) =>
    section(index === 0 ? text.replace('*\n', `*, against ${spans.than}\n`) : text),
  )
}

/** The sign in words: a minus is easily overlooked. */
function moverWords({ name: title, now, before, delta }: Mover): string {
  const what = `•  ${name(title)}:`
  if (before === 0n) return `${what} ${showUsd(now)}, nothing before`
  const amount = showUsd(delta < 0n ? subtractUsd(before, now) : delta)
  return `${what} ${amount} ${delta < 0n ? 'less' : 'more'}, ${showUsd(now)} after ${showUsd(before)}`
}

function unpricedText({ unpriced, isUnpricedCut, told }: DigestFacts): string {
  const models = unpriced.map(
    ({ provider, model, unpricedEvents }) => `${name(`${provider}/${model}`)} (${calls(unpricedEvents)})`,
  )
  const all = listed(isUnpricedCut ? [...models, 'others'] : models)
  return `:grey_question:  *${calls(told.unpricedEvents)} without a known price*, in no sum here: ${all}. \`${COMMAND} unpriced\` says what to do.`
}

interface Close {
  readonly stored: StoredBudget
  readonly isStopped: boolean
}

/** What is stopped first, then what is fullest. */
function closeBudgets({ budgets, reaches, asOf }: DigestFacts): Close[] {
  return budgets
    .map((stored) => ({ stored, isStopped: budgetState(stored, asOf).kind === 'stopped' }))
    .filter(
      ({ stored, isStopped }) =>
        isStopped ||
        isPast(countedIn(stored.current), CLOSE_PERCENT, limitOf(stored)) ||
        (stored.current.counter === ONE_COUNTER && (reaches.get(stored.budget.id) ?? asOf) > asOf),
    )
    .sort((a, b) => Number(b.isStopped) - Number(a.isStopped) || fullness(b.stored) - fullness(a.stored))
}

const limitOf = ({ budget, current }: StoredBudget): NanoUsd => limitIn(budget, current)
const fullness = (stored: StoredBudget): number => percentOf(countedIn(stored.current), limitOf(stored))

function budgetsText(close: readonly Close[], facts: DigestFacts): string {
  const shown = close.slice(0, BUDGETS_MAX).map(({ stored }) => budgetText(stored, facts))
  const more = close.length - shown.length
  const rest = more > 0 ? [`and ${more.toLocaleString('en-US')} more: \`${COMMAND} budgets\``] : []
  return [`*${closeCount(close.length)}*`, ...shown, ...rest].join('\n')
}

const closeCount = (count: number): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? 'budget needs' : 'budgets need'} a look.`

function budgetText(stored: StoredBudget, { reaches, asOf }: DigestFacts): string {
  const state = budgetState(stored, asOf)
  const reachesAt = state.kind === 'stopped' ? undefined : reaches.get(stored.budget.id)
  const forecast =
    reachesAt === undefined || reachesAt <= asOf ? '' : `  ·  forecast to reach it ${dayOf(reachesAt)}`
  const heading = `${stateMark(state)}  ${subjectOf(stored)}, ${periodName(stored)}  ·  ${clip(stateWords(state, stored), 80)}`
  return `${heading}\n${barOf(stored)}  ${clip(figuresOf(stored), 120)}${forecast}`
}

/** A forecast is not known to the minute. */
const dayOf = (at: Date): string =>
  `<!date^${Math.floor(at.getTime() / 1000)}^{date_short}|${utc(at).slice(0, -10)}>`

function footOf({ rule, nextAt }: DigestFacts): string {
  return `${ruleWords(rule)}  ·  next ${instant(nextAt)}  ·  change it with \`${COMMAND} digest\``
}

/** `Every Monday at 09:00, Europe/Berlin`. */
export function ruleWords({ cadence, hour, timeZone }: DigestRule): string {
  const often = cadence.kind === 'daily' ? 'Every day' : `Every ${WEEKDAYS[cadence.weekday - 1] ?? 'week'}`
  return `${often} at ${String(hour).padStart(2, '0')}:00, ${timeZone}`
}
