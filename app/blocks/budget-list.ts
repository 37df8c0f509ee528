/** Budgets as lines of a list: in Home, and as the answer to `/lens budgets`. */
import type { BudgetState } from '../../core/budget/budget.ts'
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { budgetState, measuresOf } from '../../core/budget/state.ts'
import { percentOf, showUsd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { StandingStop } from '../../db/postgres/list-wide-stops.ts'
import { ACTIONS, COMMAND, writeCardRef } from '../ids.ts'
import {
  barOf,
  counterName,
  countOfEach,
  figuresOf,
  measureWords,
  periodName,
  scopeOf,
  stateMark,
  stateWords,
  titleOf,
} from './budget-words.ts'
import type { Message } from './card.ts'
import { stoppedOf } from './card-counters.ts'
import { type Forecasts, forecastsOfRunning, forecastWords } from './forecast-words.ts'
import { type Block, button, clip, context, escapeText, literal, name, section } from './text.ts'
import { wideStopBlock } from './wide-stops.ts'

/** A budget and, of one with a counter for each user or key, those. */
export interface BudgetGroup {
  readonly stored: StoredBudget
  readonly counters: readonly StoredBudget[]
}

/** A message holds fifty blocks. */
const LINES_MAX = 30
const STOPS_MAX = 10

/** What is stopped comes first, then what is fullest. */
export function groupBudgets(all: readonly StoredBudget[], now: Date): BudgetGroup[] {
  const counters = new Map<string, StoredBudget[]>()
  for (const one of all.filter(({ current }) => current.counter !== ONE_COUNTER)) {
    counters.set(one.budget.id, [...(counters.get(one.budget.id) ?? []), one])
  }
  return all
    .filter(({ current }) => current.counter === ONE_COUNTER)
    .map((stored) => ({ stored, counters: counters.get(stored.budget.id) ?? [] }))
    .sort((a, b) => urgencyOf(b, now) - urgencyOf(a, now))
}

interface Listed {
  readonly budgets: readonly StoredBudget[]
  readonly stops: readonly StandingStop[]
  readonly forecasts?: Forecasts
}

export function budgetsMessage({ budgets, stops, ...listed }: Listed, now: Date): Message {
  const forecasts = forecastsOfRunning(listed.forecasts ?? new Map(), budgets, stops)
  const wide = stops.slice(0, STOPS_MAX).map(wideStopBlock)
  const groups = groupBudgets(budgets, now)
  if (groups.length === 0) {
    const text = `There is no budget yet. \`${COMMAND} budget\` makes one.`
    return { text, blocks: [...wide, section(text)] }
  }
  const shown = groups.slice(0, LINES_MAX)
  const heading = `*${groups.length.toLocaleString('en-US')} ${groups.length === 1 ? 'budget' : 'budgets'}*`
  const more = groups.length - shown.length
  return {
    text: [heading, ...shown.map((group) => budgetText(group, now, forecasts))].join('\n'),
    blocks: [
      ...wide,
      section(heading),
      ...shown.map((group) => budgetLine(group, now, forecasts)),
      ...(more > 0 ? [context(`and ${more} more, less full than these`)] : []),
    ],
  }
}

function budgetLine(group: BudgetGroup, now: Date, forecasts: Forecasts | undefined): Block {
  const { budget, current } = group.stored
  const ref = writeCardRef({ budgetId: budget.id, periodFrom: current.period.from })
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: clip(budgetText(group, now, forecasts), 3000) },
    accessory: button('Change', ACTIONS.changeBudget, ref),
  }
}

/** Three lines: what it is, how full, in what state and where to at this rate. */
export function budgetText({ stored, counters }: BudgetGroup, now: Date, forecasts?: Forecasts): string {
  const { budget, liftUrl } = stored
  const state = budgetState(stored, now)
  const title = name(clip(titleOf(stored), 60))
  const covers = scopeOf(stored)
  const ahead = forecastWords(stored, forecasts?.get(budget.id), { state, now })
  const does = [
    stateWords(state, stored),
    ...measureWords(measuresOf(stored, state)),
    ...(ahead === null ? [] : [ahead]),
  ]
  const modes = budget.mode === 'strict' ? ['strict'] : []
  const heading = [
    `${markOf(state, { stored, counters }, now)}  *${liftUrl ? `<${liftUrl}|${title}>` : title}*`,
    ...(covers === null ? [] : [literal(clip(covers, 150))]),
    escapeText(periodName(stored)),
    ...modes,
  ].join('  ·  ')
  if (budget.scope.each === null)
    return [heading, `${barOf(stored)}  ${figuresOf(stored)}`, does.join('  ·  ')].join('\n')
  const stopped = stoppedOf(counters, now).length
  const [fullest] = counters
  return [
    heading,
    fullest
      ? `${countOfEach(budget.scope.each, counters.length)}, each with ${showUsd(budget.limit)}, the fullest, ${counterName(budget.scope, fullest.current) ?? ''}, at ${percentFullOf(fullest)}%`
      : `No ${budget.scope.each} has spent anything; each may spend ${showUsd(budget.limit)}`,
    [...does, ...(stopped === 0 ? [] : [`*${stopped} stopped*`])].join('  ·  '),
  ].join('\n')
}

const markOf = (state: BudgetState, { counters }: BudgetGroup, now: Date): string =>
  state.kind === 'open' && stoppedOf(counters, now).length > 0 ? ':large_yellow_circle:' : stateMark(state)

const percentFullOf = ({ budget, current }: StoredBudget): number =>
  percentOf(countedIn(current), limitIn(budget, current))

function urgencyOf({ stored, counters }: BudgetGroup, now: Date): number {
  const isStopped = budgetState(stored, now).kind === 'stopped' || stoppedOf(counters, now).length > 0
  const fullest = Math.max(percentFullOf(stored), ...counters.slice(0, 1).map(percentFullOf))
  return (isStopped ? 1e9 : 0) + Math.min(fullest, 1e8)
}
