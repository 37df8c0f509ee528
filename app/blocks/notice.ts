/** What a notice says in the card's thread. Null where the card itself says all. */

import { type Ladder, stopPercentOf } from '../../core/budget/ladder.ts'
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import type { Notice } from '../../core/budget/notice.ts'
import { ONE_COUNTER } from '../../core/budget/scope.ts'
import { budgetState, measuresOf } from '../../core/budget/state.ts'
import { sayForecast } from '../../core/forecast/say-forecast.ts'
import { type NanoUsd, percentOf, showUsd, zeroUsd } from '../../core/money.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { measureWords, periodName, priceListWords, subjectOf } from './budget-words.ts'
import { escapeText, instant, listed, who } from './text.ts'

export interface ThreadMessage {
  readonly text: string
  /** Shown in the channel too: only for a stop, and not for that of one counter among many. */
  readonly broadcast: boolean
}

/** In one line: what follows a line break would stand outside the quote. */
const quoted = (reason: string): string => escapeText(reason.replaceAll('\n', ' '))

const quietly = (text: string): ThreadMessage => ({ text, broadcast: false })
const loudly = (text: string): ThreadMessage => ({ text, broadcast: true })

/** `stored` is the counter that the notice is about. */
export function noticeMessage(notice: Notice, stored: StoredBudget, now: Date): ThreadMessage | null {
  const subject = subjectOf(stored)
  switch (notice.kind) {
    case 'period_opened':
      return null
    case 'budget_set':
      if (notice.previousLimit === null || notice.previousLimit === notice.limit) return null
      return quietly(
        `${who(notice.by)} changed the limit from ${showUsd(notice.previousLimit)} to ${showUsd(notice.limit)}.`,
      )
    case 'crossed':
      return crossedMessage(notice, stored, now)
    case 'override_granted': {
      const whose = stored.current.counter === ONE_COUNTER ? 'calls' : `calls of ${subject}`
      return quietly(
        `:large_blue_circle: ${who(notice.by)} let ${whose} pass again: ${showUsd(notice.amount)} more, up to ${showUsd(notice.ceiling)}, until ${instant(notice.until)}.\n>${quoted(notice.reason)}`,
      )
    }
    case 'override_ended':
      return overrideEndedMessage(notice, stored, subject, now)
    // Told by a message of its own, with the buttons that decide it (request-message.ts).
    case 'override_requested':
      return null
    case 'override_denied':
      return quietly(
        notice.by === notice.requestedBy
          ? `${who(notice.by)} took back the request for ${showUsd(notice.amount)} more.\n>${quoted(notice.reason)}`
          : `${who(notice.by)} denied ${who(notice.requestedBy)} ${showUsd(notice.amount)} more.\n>${quoted(notice.reason)}`,
      )
    case 'override_request_expired':
      return quietly(
        `Nobody decided on the ${showUsd(notice.amount)} more that ${who(notice.requestedBy)} asked for: the request has expired.`,
      )
    case 'forecast':
      return quietly(forecastText(notice, stored, subject, now))
    case 'limit_lifted':
      return quietly(liftedText(notice, stored, subject, now))
    case 'figure_corrected':
      return quietly(correctedText(notice, stored, subject, now))
    case 'stopped_by_person':
      return loudly(
        `:octagonal_sign: ${who(notice.by)} stopped ${subject}. Every call is refused until someone resumes.`,
      )
    case 'resumed':
      return quietly(resumedText(notice.by, stored, now))
    // The card says both.
    case 'acknowledged':
    case 'quiet_begun':
      return null
    case 'quiet_ended':
      return quietEndedMessage(notice.quieted, stored, now)
    default:
      return unreachable(notice)
  }
}

/** A budget of a thousand users must not fill the channel: each of them is told of in the thread. */
const aloud = ({ current }: StoredBudget, text: string): ThreadMessage =>
  current.counter === ONE_COUNTER ? loudly(text) : quietly(text)

const isOver = ({ current }: StoredBudget, now: Date): boolean =>
  current.period.until.getTime() <= now.getTime()

function crossedMessage(
  notice: Extract<Notice, { kind: 'crossed' }>,
  stored: StoredBudget,
  now: Date,
): ThreadMessage {
  const stop = stopPercentOf(stored.budget.ladder)
  const highest = Math.max(...notice.percents)
  const figures = takenOf(notice)
  const crossed = `${reachedText(notice.percents, stored, stop)}: ${figures}.`
  // What is told late, or of late events, must not say that calls are refused when they are not.
  if (isOver(stored, now)) return quietly(`:white_circle: ${crossed} ${periodName(stored)} is over.`)
  const state = budgetState(stored, now)
  if (stop !== null && highest >= stop) {
    if (state.kind === 'overridden')
      return quietly(`:large_blue_circle: ${crossed} Calls pass by the override.`)
    if (state.kind !== 'stopped') return quietly(`:large_yellow_circle: ${crossed} Calls pass by now.`)
    return aloud(
      stored,
      `:octagonal_sign: ${crossed} Calls are refused. *Override* on the card lets them pass for a while; \`/lens budget\` raises the limit. (${priceListWords()}.)`,
    )
  }
  const doing = rungWords(notice.percents, stored, now)
  const stops = doing === '' ? restWords(highest, stop) : ''
  const text = `:large_yellow_circle: ${crossed}${doing}${stops}`
  return hasStoppedSome(notice.percents, stored.budget.ladder) && doing !== ''
    ? aloud(stored, text)
    : quietly(text)
}

/** `$812.40 spent and about $190.00 for calls without a price, of $1,000.00` */
function takenOf({ spent, estimated = zeroUsd, limit }: Taken): string {
  if (estimated === zeroUsd) return `${showUsd(spent)} of ${showUsd(limit)}`
  return `${showUsd(spent)} spent and about ${showUsd(estimated)} for calls without a price, of ${showUsd(limit)}`
}

interface Taken {
  readonly spent: NanoUsd
  readonly estimated?: NanoUsd
  readonly limit: NanoUsd
}

/** `*support-bot* is past 50% and 75% of its limit`, or that it reached what stops it. */
function reachedText(list: readonly number[], stored: StoredBudget, stop: number | null): string {
  const highest = Math.max(...list)
  const percents = listed(list.map((percent) => `${percent}%`))
  const subject = subjectOf(stored)
  if (highest === 100 || (stop === 100 && highest > 100)) return `${subject} reached its limit (${percents})`
  return stop !== null && highest >= stop
    ? `${subject} reached ${percents} of its limit, where its calls stop`
    : `${subject} is past ${percents} of its limit`
}

/** What the percents just crossed do to calls, as far as it is in force. */
function rungWords(crossed: readonly number[], stored: StoredBudget, now: Date): string {
  const { budget } = stored
  if (!budget.ladder.some(({ percent }) => crossed.includes(percent))) return ''
  const measures = measureWords(measuresOf(stored, budgetState(stored, now)))
  return measures.length === 0 ? '' : ` From now on: ${measures.join('; ')}.`
}

const hasStoppedSome = (crossed: readonly number[], ladder: Ladder): boolean =>
  ladder.some(({ percent, action }) => action.kind === 'stop' && crossed.includes(percent))

/** At the limit and past it, a reader asks whether calls still pass. */
function restWords(highest: number, stop: number | null): string {
  if (highest < 100) return ''
  return stop === null ? ' Calls pass: this budget never stops them.' : ` Calls pass; they stop at ${stop}%.`
}

function overrideEndedMessage(
  notice: Extract<Notice, { kind: 'override_ended' }>,
  stored: StoredBudget,
  subject: string,
  now: Date,
): ThreadMessage | null {
  // Whoever pressed Stop now is told of by the notice of the stop itself.
  if (notice.end === 'stopped' || notice.end === 'replaced') return null
  const why = endWords(notice)
  const figures = takenOf(notice)
  const isStopped = budgetState(stored, now).kind === 'stopped'
  return isStopped
    ? aloud(
        stored,
        `:octagonal_sign: The override of ${subject} ${why}: ${figures}. Calls are refused again.`,
      )
    : quietly(`The override of ${subject} ${why}: ${figures}. Calls pass.`)
}

function endWords({ end, by }: Extract<Notice, { kind: 'override_ended' }>): string {
  if (end === 'spent') return 'is used up'
  return end === 'revoked' ? `was taken back by ${who(by ?? 'someone')}` : 'has run out of time'
}

function forecastText(
  notice: Extract<Notice, { kind: 'forecast' }>,
  { budget }: StoredBudget,
  subject: string,
  now: Date,
): string {
  const timeZone = budget.periodRule.kind === 'span' ? 'UTC' : budget.periodRule.timeZone
  const { headline, detail } = sayForecast({ ...notice, kind: 'reaches' }, { timeZone, now })
  return `:hourglass_flowing_sand: ${subject}: ${headline} (${timeZone}).${detail === null ? '' : ` ${sentence(detail)}`}`
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`

function liftedText(
  notice: Extract<Notice, { kind: 'limit_lifted' }>,
  stored: StoredBudget,
  subject: string,
  now: Date,
): string {
  const repriced = `Calls of ${subject} were repriced, and it is below its limit: ${takenOf(notice)}.`
  if (isOver(stored, now)) return `:white_circle: ${repriced} ${periodName(stored)} is over.`
  return budgetState(stored, now).kind === 'stopped'
    ? `:octagonal_sign: ${repriced} Calls are refused all the same: the card says why.`
    : `:large_green_circle: ${repriced} Calls pass.`
}

function correctedText(
  notice: Extract<Notice, { kind: 'figure_corrected' }>,
  stored: StoredBudget,
  subject: string,
  now: Date,
): string {
  const counted = `What ${subject} has spent was counted anew from its calls: ${showUsd(notice.to)}, not ${showUsd(notice.from)}.`
  if (isOver(stored, now)) return `:white_circle: ${counted} ${periodName(stored)} is over.`
  return budgetState(stored, now).kind === 'stopped'
    ? `:octagonal_sign: ${counted} Calls are refused all the same: the card says why.`
    : `:large_green_circle: ${counted} Calls pass.`
}

/** Null where all of it is past: the period is over, or what was crossed is so no more. */
function quietEndedMessage(
  quieted: readonly number[],
  stored: StoredBudget,
  now: Date,
): ThreadMessage | null {
  const { budget, current } = stored
  if (isOver(stored, now)) return null
  // Each counter has a spend of its own; what was crossed there stays said.
  const reached = percentOf(countedIn(current), limitIn(budget, current))
  const still = budget.scope.each === null ? quieted.filter((percent) => percent <= reached) : quieted
  if (still.length === 0) return null
  const crossed = listed(still.map((percent) => `${percent}%`))
  return quietly(
    `:bell: ${subjectOf(stored)}, while quiet: crossed ${crossed}. Crossings are told here again.`,
  )
}

function resumedText(by: string, stored: StoredBudget, now: Date): string {
  const { each } = stored.budget.scope
  if (each !== null)
    return `:large_green_circle: ${who(by)} resumed. Calls pass again, but for each ${each} at its limit.`
  return budgetState(stored, now).kind === 'stopped'
    ? `${who(by)} pressed Resume. The limit is still reached, so calls stay refused until an override or a higher limit.`
    : `:large_green_circle: ${who(by)} resumed. Calls pass again.`
}
