/** What a notice says in the card's thread. Null where the card itself says all. */
import type { Notice } from '../../core/budget/notice.ts'
import { budgetState } from '../../core/budget/state.ts'
import { sayForecast } from '../../core/forecast/say-forecast.ts'
import { showUsd } from '../../core/money.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { escapeText, instant, name, who } from './text.ts'

export interface ThreadMessage {
  readonly text: string
  /** Shown in the channel too: only for a stop. */
  readonly broadcast: boolean
}

const quietly = (text: string): ThreadMessage => ({ text, broadcast: false })
const loudly = (text: string): ThreadMessage => ({ text, broadcast: true })

export function noticeMessage(notice: Notice, stored: StoredBudget, now: Date): ThreadMessage | null {
  const project = `*${name(stored.budget.title)}*`
  switch (notice.kind) {
    case 'period_opened':
      return null
    case 'budget_set':
      if (notice.previousLimit === null || notice.previousLimit === notice.limit) return null
      return quietly(
        `${who(notice.by)} changed the limit from ${showUsd(notice.previousLimit)} to ${showUsd(notice.limit)}.`,
      )
    case 'crossed':
      return crossedMessage(notice, stored, project, now)
    case 'override_granted':
      return quietly(
        `:large_blue_circle: ${who(notice.by)} let calls pass again: ${showUsd(notice.amount)} more, up to ${showUsd(notice.ceiling)}, until ${instant(notice.until)}.\n>${escapeText(notice.reason.replaceAll('\n', ' '))}`,
      )
    case 'override_ended':
      return overrideEndedMessage(notice, stored, project, now)
    case 'forecast':
      return quietly(forecastText(notice, stored, project, now))
    case 'limit_lifted':
      return quietly(liftedText(notice, stored, project, now))
    case 'stopped_by_person':
      return loudly(
        `:octagonal_sign: ${who(notice.by)} stopped ${project}. Every call is refused until someone resumes.`,
      )
    case 'resumed':
      return quietly(resumedText(notice.by, stored, now))
    default:
      return unreachable(notice)
  }
}

function crossedMessage(
  notice: Extract<Notice, { kind: 'crossed' }>,
  stored: StoredBudget,
  project: string,
  now: Date,
): ThreadMessage {
  const highest = Math.max(...notice.percents)
  const figures = `${showUsd(notice.spent)} of ${showUsd(notice.limit)}`
  if (highest < 100) {
    return quietly(
      `:large_yellow_circle: ${project} is past ${percents(notice.percents)} of its limit: ${figures}.`,
    )
  }
  const reached = `${project} reached its limit (${percents(notice.percents)}): ${figures}.`
  // What is told late, or of late events, must not say that calls are refused when they are not.
  if (stored.current.period.until.getTime() <= now.getTime()) {
    return quietly(`:white_circle: ${reached} That period is over.`)
  }
  const { kind } = budgetState(stored, now)
  if (kind === 'overridden') return quietly(`:large_blue_circle: ${reached} Calls pass by the override.`)
  if (kind !== 'stopped') return quietly(`:large_yellow_circle: ${reached} Calls pass by now.`)
  return loudly(
    `:octagonal_sign: ${reached} Calls are refused. *Override* on the card lets them pass for a while; \`/lens budget\` raises the limit.`,
  )
}

function percents(list: readonly number[]): string {
  const texts = list.map((percent) => `${percent}%`)
  const last = texts.at(-1) ?? ''
  return texts.length <= 1 ? last : `${texts.slice(0, -1).join(', ')} and ${last}`
}

function overrideEndedMessage(
  notice: Extract<Notice, { kind: 'override_ended' }>,
  stored: StoredBudget,
  project: string,
  now: Date,
): ThreadMessage | null {
  // Whoever pressed Stop now is told of by the notice of the stop itself.
  if (notice.end === 'stopped' || notice.end === 'replaced') return null
  const why = notice.end === 'spent' ? 'is used up' : 'has run out of time'
  const figures = `${showUsd(notice.spent)} of ${showUsd(notice.limit)}`
  const isStopped = budgetState(stored, now).kind === 'stopped'
  return isStopped
    ? loudly(`:octagonal_sign: The override of ${project} ${why}: ${figures}. Calls are refused again.`)
    : quietly(`The override of ${project} ${why}: ${figures}. Calls pass.`)
}

function forecastText(
  notice: Extract<Notice, { kind: 'forecast' }>,
  { budget }: StoredBudget,
  project: string,
  now: Date,
): string {
  const timeZone = budget.periodRule.kind === 'span' ? 'UTC' : budget.periodRule.timeZone
  const { headline, detail } = sayForecast({ ...notice, kind: 'reaches' }, { timeZone, now })
  return `:hourglass_flowing_sand: ${project}: ${headline} (${timeZone}).${detail === null ? '' : ` ${sentence(detail)}`}`
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`

function liftedText(
  notice: Extract<Notice, { kind: 'limit_lifted' }>,
  stored: StoredBudget,
  project: string,
  now: Date,
): string {
  const repriced = `Calls of ${project} were repriced, and it is below its limit: ${showUsd(notice.spent)} of ${showUsd(notice.limit)}.`
  if (stored.current.period.until.getTime() <= now.getTime())
    return `:white_circle: ${repriced} That period is over.`
  return budgetState(stored, now).kind === 'stopped'
    ? `:octagonal_sign: ${repriced} Calls are refused all the same: the card says why.`
    : `:large_green_circle: ${repriced} Calls pass.`
}

function resumedText(by: string, stored: StoredBudget, now: Date): string {
  return budgetState(stored, now).kind === 'stopped'
    ? `${who(by)} pressed Resume. The limit is still reached, so calls stay refused until an override or a higher limit.`
    : `:large_green_circle: ${who(by)} resumed. Calls pass again.`
}
