/**
 * The living card of a budget-period: how full, in what state, who did what, and the buttons that make sense now.
 * Pure: the same facts at the same instant give the same blocks, so a digest of them tells whether Slack has them.
 */
import type { Budget, BudgetState } from '../../core/budget/budget.ts'
import { countedIn } from '../../core/budget/limit.ts'
import type { OverridePolicy } from '../../core/budget/override.ts'
import type { OverrideAsked } from '../../core/budget/override-request.ts'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { budgetState, measuresOf } from '../../core/budget/state.ts'
import type { WideStop } from '../../core/budget/verdict.ts'
import type { KeptForecast } from '../../core/forecast/kept-forecast.ts'
import { maxUsd, showUsd, subtractUsd, zeroUsd } from '../../core/money.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Attention } from '../../db/postgres/card-attention.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import {
  barOf,
  figuresOf,
  measureWords,
  periodName,
  priceListWords,
  reachedWords,
  scopeOf,
  stopWords,
  titleOf,
  wideStopWords,
} from './budget-words.ts'
import { attentionSections } from './card-attention.ts'
import { cardButtons } from './card-buttons.ts'
import { countersText, stoppedOf } from './card-counters.ts'
import { waitingSections } from './card-waiting.ts'
import { forecastWords } from './forecast-words.ts'
import {
  type Block,
  calls,
  clip,
  context,
  escapeText,
  header,
  instant,
  literal,
  name,
  section,
  who,
} from './text.ts'

export interface Message {
  /** What a notification and a screen reader say. */
  readonly text: string
  readonly blocks: Block[]
}

export interface CardFacts {
  readonly stored: StoredBudget
  /** Of a budget with a counter for each user or key: those, the dearest first. */
  readonly counters: readonly StoredBudget[]
  /** Stops by a person that reach all that it covers. */
  readonly stops: readonly WideStop[]
  readonly lifters: OverridePolicy['lifters']
  /** Overrides that are asked for, and that nobody has decided on. */
  readonly waiting: readonly OverrideAsked[]
  /** The newest of this budget; null where there is none. */
  readonly forecast: KeptForecast | null
  /** Who is on it, and until when its crossings are quiet. */
  readonly attention: Attention
}

/** A budget comes from its store before its counters. Null when it is not there. */
export function withCounters(
  all: readonly StoredBudget[],
): { readonly stored: StoredBudget; readonly counters: readonly StoredBudget[] } | null {
  const [stored, ...counters] = all
  return stored && stored.current.counter === ONE_COUNTER ? { stored, counters } : null
}

/** With the chart that was made of it last; the words never wait for one. */
export function cardMessage(facts: CardFacts, now: Date, picture: StoredPicture | null = null): Message {
  const { stored } = facts
  const title = headingOf(stored)
  const isOver = stored.current.period.until.getTime() <= now.getTime()
  const state = budgetState(stored, now)
  const covers = scopeOf(stored)
  return {
    text: `${escapeText(title)}: ${plainFigures(facts, now)} ${isOver ? 'This period is over.' : plainState(state, facts)}`,
    blocks: [
      header(title),
      ...(covers === null ? [] : [context(`Covers ${literal(clip(covers, 1000))}`)]),
      section(
        stored.budget.scope.each === null
          ? [barOf(stored), figuresOf(stored), ...forecastLines(facts, state, now)].join('\n')
          : countersText(facts, stored.budget.scope.each, now),
      ),
      ...(isOver
        ? [section(':white_circle:  This period is over. The card of the new one has the buttons.')]
        : [
            ...stateSections(state, facts, now),
            ...attentionSections(facts, state, now),
            ...waitingSections(facts, now),
          ]),
      // A link does not outlive its period by much, and a card that is over stays.
      ...(picture === null || isOver ? [] : pictureBlocks(picture)),
      context(footnotes(facts, isOver).join('  ·  ')),
      ...cardButtons(facts, state, { isOver, now }),
    ],
  }
}

const pictureBlocks = ({ source, altText, below = '' }: StoredPicture): Block[] => [
  {
    type: 'image',
    ...(source.kind === 'link' ? { image_url: source.url } : { slack_file: { id: source.id } }),
    alt_text: clip(altText, 2000),
  },
  ...(below === '' ? [] : [context(below)]),
]

/** None while a person stops it with more: nothing is spent at any rate. */
function forecastLines(facts: CardFacts, state: BudgetState, now: Date): string[] {
  const words = facts.stops.length > 0 ? null : forecastWords(facts.stored, facts.forecast, { state, now })
  return words === null ? [] : [`:hourglass_flowing_sand:  ${words}`]
}

/** The card that stays behind when a budget's card moved to another channel. */
export function movedMessage(
  stored: StoredBudget,
  to: { channelId: string; permalink: string | null },
): Message {
  const title = headingOf(stored)
  const link = to.permalink ? ` (<${to.permalink}|open it>)` : ''
  return {
    text: `${escapeText(title)}: this card moved to another channel.`,
    blocks: [header(title), section(`This card moved to <#${to.channelId}>${link}.`)],
  }
}

const headingOf = (stored: StoredBudget): string => `${clip(titleOf(stored), 100)} · ${periodName(stored)}`

function plainFigures(facts: CardFacts, now: Date): string {
  const { stored } = facts
  const { each } = stored.budget.scope
  return each === null ? `${figuresOf(stored)}.` : (countersText(facts, each, now).split('\n')[0] ?? '')
}

function stateSections(state: BudgetState, facts: CardFacts, now: Date): Block[] {
  const { stored, stops } = facts
  const wide = stops.map((stop) =>
    section(
      `:octagonal_sign:  ${wideStopWords(stop, stop.reach === 'project' ? stored.budget.projectName : null)}`,
    ),
  )
  const measures = wide.length > 0 ? [] : measureWords(measuresOf(stored, state))
  return [
    ...wide,
    ...(wide.length > 0 && state.kind !== 'stopped' ? [] : [section(stateLine(state, facts, now))]),
    ...(measures.length === 0 ? [] : [section(`:warning:  *In force now:* ${measures.join('  ·  ')}`)]),
  ]
}

const LIFTERS: Readonly<Record<Budget['lifters'], string>> = {
  admins: 'an admin or approver',
  members: 'any full member of the workspace',
  named: 'someone whom its policy names',
}

function stateLine(state: BudgetState, facts: CardFacts, now: Date): string {
  const { stored } = facts
  const { budget, current } = stored
  switch (state.kind) {
    case 'idle':
      return ':white_circle:  *Not running.* It counts nothing now, and stops nothing.'
    case 'open':
      return openLine(facts, now)
    case 'warned':
      return `:large_yellow_circle:  *Past ${state.percent}%.* Calls pass; ${stopWords(stored)}.`
    case 'overridden': {
      const left = maxUsd(zeroUsd, subtractUsd(state.ceiling, countedIn(current)))
      const by = current.override ? ` by ${who(current.override.grantedBy)}` : ''
      const reason = current.override
        ? `\n>${escapeText(clip(current.override.reason.replaceAll('\n', ' '), 300))}`
        : ''
      return `:large_blue_circle:  *Overridden*${by} until ${instant(state.until)}, or until ${showUsd(state.ceiling)} is spent (${showUsd(left)} left). Calls pass.${reason}`
    }
    case 'stopped': {
      const lifter = LIFTERS[stored.overridePolicy === null ? facts.lifters : budget.lifters]
      if (state.by === 'person') {
        return `:octagonal_sign:  *Stopped* by ${who(state.person)}, ${instant(state.since)}. Every call of ${name(budget.title)} is refused until ${lifter} resumes.`
      }
      const next = budget.periodRule.kind === 'span' ? '' : ', or the next period'
      return `:octagonal_sign:  *Stopped* since ${instant(state.since)}: ${reachedWords(stored)}. Calls are refused until an override by ${lifter}, a higher limit${next}.`
    }
    default:
      return unreachable(state)
  }
}

function openLine(facts: CardFacts, now: Date): string {
  const { each } = facts.stored.budget.scope
  const stopped = stoppedOf(facts.counters, now).length
  if (each === null) return ':large_green_circle:  *Open.* Calls pass.'
  if (stopped === 0) return `:large_green_circle:  *Open.* Calls of every ${each} pass.`
  return `:large_yellow_circle:  *Open*, but for the ${each === 'user' ? 'users' : 'keys'} at their limit: their calls are refused.`
}

function plainState(state: BudgetState, { stored, stops }: CardFacts): string {
  if (stops.length > 0) return 'Stopped by a person, with more.'
  switch (state.kind) {
    case 'idle':
      return 'Not running.'
    case 'open':
      return 'Calls pass.'
    case 'warned':
      return `Past ${state.percent}%; calls pass.`
    case 'overridden':
      return 'Overridden; calls pass.'
    case 'stopped':
      return state.by === 'person' ? 'Stopped by a person.' : `Stopped: ${reachedWords(stored)}.`
    default:
      return unreachable(state)
  }
}

function footnotes({ stored, counters }: CardFacts, isOver: boolean): string[] {
  const { budget, current } = stored
  const sum = (pick: (one: StoredBudget) => number) =>
    [stored, ...counters].reduce((all, one) => all + pick(one), 0)
  const unpricedEvents = sum((one) => one.current.unpricedEvents)
  const end = budget.periodRule.kind === 'span' ? 'Ends' : 'Resets'
  return [
    isOver ? `Ended ${instant(current.period.until)}` : `${end} ${instant(current.period.until)}`,
    calls(sum((one) => one.current.events)),
    ...(unpricedEvents > 0 ? [unpricedNote(unpricedEvents, [stored, ...counters])] : []),
    priceListWords(),
    `Alerts at ${budget.thresholdsPercent.map((percent) => `${percent}%`).join(', ')}`,
    ...(budget.mode === 'strict' ? ['Strict: holds before it calls'] : []),
    ...(stopWords(stored) === 'they stop at 100%' ? [] : [`Of calls, ${stopWords(stored)}`]),
  ]
}

const NAMED_MAX = 3

/** What is done with them is the first question, which models they are the second. */
function unpricedNote(count: number, all: readonly StoredBudget[]): string {
  const models = [...new Set(all.flatMap(({ current }) => current.unpricedModels))].sort()
  const more = models.length > NAMED_MAX ? ` and ${models.length - NAMED_MAX} more` : ''
  const named =
    models.length === 0
      ? ''
      : ` (${models
          .slice(0, NAMED_MAX)
          .map((model) => name(model))
          .join(', ')}${more})`
  const estimated = all.some(({ current }) => current.estimated > zeroUsd)
  const counted = estimated ? 'estimated, and no part of what was spent' : 'not in the sum'
  return `:warning: ${calls(count)} without a price${named}, ${counted}`
}
