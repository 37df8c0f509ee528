/**
 * The living card of a budget-period: how full, in what state, who did what, and the buttons that make sense now.
 * Pure: the same facts at the same instant give the same blocks, so a digest of them tells whether Slack has them.
 */
import type { BudgetState } from '../../core/budget/budget.ts'
import { limitIn } from '../../core/budget/limit.ts'
import { budgetState } from '../../core/budget/state.ts'
import { maxUsd, percentOf, showUsd, subtractUsd, zeroUsd } from '../../core/money.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { ACTIONS, writeCardRef } from '../ids.ts'
import {
  type Block,
  bar,
  button,
  calls,
  clip,
  context,
  escapeText,
  header,
  instant,
  name,
  section,
  who,
} from './text.ts'

export interface Message {
  /** What a notification and a screen reader say. */
  readonly text: string
  readonly blocks: Block[]
}

export function cardMessage(stored: StoredBudget, now: Date): Message {
  const { budget, current } = stored
  const title = `${clip(budget.title, 100)} · ${nameOfPeriod(budget.periodRule, current.period)}`
  const isOver = current.period.until.getTime() <= now.getTime()
  const state = budgetState(stored, now)
  return {
    text: `${escapeText(title)}: ${figures(stored)}. ${isOver ? 'This period is over.' : plainState(state)}`,
    blocks: [
      header(title),
      section(
        `${bar(current.spent, limitIn(budget, current))}  *${percentOf(current.spent, limitIn(budget, current))}%*\n${figures(stored)}`,
      ),
      section(
        isOver
          ? ':white_circle:  This period is over. The card of the new one has the buttons.'
          : stateLine(state, stored),
      ),
      context(footnotes(stored, isOver).join('  ·  ')),
      buttons(stored, state, isOver),
    ],
  }
}

/** The card that stays behind when a budget's card moved to another channel. */
export function movedMessage(
  stored: StoredBudget,
  to: { channelId: string; permalink: string | null },
): Message {
  const title = `${clip(stored.budget.title, 100)} · ${nameOfPeriod(stored.budget.periodRule, stored.current.period)}`
  const link = to.permalink ? ` (<${to.permalink}|open it>)` : ''
  return {
    text: `${escapeText(title)}: this card moved to another channel.`,
    blocks: [header(title), section(`This card moved to <#${to.channelId}>${link}.`)],
  }
}

function figures({ budget, current }: StoredBudget): string {
  const left = subtractUsd(limitIn(budget, current), current.spent)
  const rest =
    left > zeroUsd
      ? `${showUsd(left)} left`
      : left === zeroUsd
        ? 'nothing left'
        : `${showUsd(subtractUsd(zeroUsd, left))} over`
  return `*${showUsd(current.spent)}* of ${showUsd(limitIn(budget, current))}  ·  ${rest}`
}

function stateLine(state: BudgetState, { budget, current }: StoredBudget): string {
  switch (state.kind) {
    case 'idle':
      return ':white_circle:  *Not running.* It counts nothing now, and stops nothing.'
    case 'open':
      return ':large_green_circle:  *Open.* Calls pass.'
    case 'warned':
      return `:large_yellow_circle:  *Past ${state.percent}%.* Calls pass; they stop at 100%.`
    case 'overridden': {
      const left = maxUsd(zeroUsd, subtractUsd(state.ceiling, current.spent))
      const by = current.override ? ` by ${who(current.override.grantedBy)}` : ''
      const reason = current.override
        ? `\n>${escapeText(clip(current.override.reason.replaceAll('\n', ' '), 300))}`
        : ''
      return `:large_blue_circle:  *Overridden*${by} until ${instant(state.until)}, or until ${showUsd(state.ceiling)} is spent (${showUsd(left)} left). Calls pass.${reason}`
    }
    case 'stopped':
      return state.by === 'person'
        ? `:octagonal_sign:  *Stopped* by ${who(state.person)}, ${instant(state.since)}. Every call of ${name(budget.title)} is refused until someone resumes.`
        : `:octagonal_sign:  *Stopped* since ${instant(state.since)}: the limit is reached. Calls are refused until an override, a higher limit, or the next period.`
    default:
      return unreachable(state)
  }
}

function plainState(state: BudgetState): string {
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
      return state.by === 'person' ? 'Stopped by a person.' : 'Stopped: the limit is reached.'
    default:
      return unreachable(state)
  }
}

function footnotes({ budget, current }: StoredBudget, isOver: boolean): string[] {
  const { unpricedEvents } = current
  return [
    isOver ? `Ended ${instant(current.period.until)}` : `Resets ${instant(current.period.until)}`,
    calls(current.events),
    ...(unpricedEvents > 0 ? [`:warning: ${calls(unpricedEvents)} without a price, not in the sum`] : []),
    `Alerts at ${budget.thresholdsPercent.map((percent) => `${percent}%`).join(', ')}`,
  ]
}

function buttons({ budget, current }: StoredBudget, state: BudgetState, isOver: boolean): Block {
  const ref = writeCardRef({ budgetId: budget.id, periodFrom: current.period.from })
  const drivers = button('Show drivers', ACTIONS.drivers, ref)
  if (isOver) return { type: 'actions', elements: [drivers] }
  if (state.kind === 'stopped' && state.by === 'person') {
    return {
      type: 'actions',
      elements: [button('Resume', ACTIONS.resume, ref, { style: 'primary' }), drivers],
    }
  }
  const override = button(
    state.kind === 'overridden' ? 'Override again' : 'Override',
    ACTIONS.override,
    ref,
    state.kind === 'stopped' ? { style: 'primary' } : {},
  )
  const stop = button('Stop now', ACTIONS.stop, ref, {
    style: 'danger',
    confirm: {
      title: { type: 'plain_text', text: 'Stop every call now?' },
      text: {
        type: 'mrkdwn',
        text: `Calls of ${name(budget.title)} are refused until someone presses Resume. A running override ends.`,
      },
      confirm: { type: 'plain_text', text: 'Stop now' },
      deny: { type: 'plain_text', text: 'Cancel' },
      style: 'danger',
    },
  })
  return { type: 'actions', elements: [override, stop, drivers] }
}
