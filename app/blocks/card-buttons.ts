/** The buttons of a card that make sense in its state: what is needed at once, and the rest in a menu. */
import type { BudgetState } from '../../core/budget/budget.ts'
import { QUIET_CHOICES, type QuietChoice } from '../../core/budget/quiet.ts'
import { counterWords } from '../../core/budget/scope-words.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { ACTIONS, writeCardRef, writeMore } from '../ids.ts'
import type { CardFacts } from './card.ts'
import { quietOf, stateToAttend } from './card-attention.ts'
import { stoppedOf } from './card-counters.ts'
import { type Block, button, name, plain } from './text.ts'

/** Slack's menus hold a hundred. */
const CHOICES_MAX = 100

export function cardButtons(
  { stored, counters, attention }: CardFacts,
  state: BudgetState,
  { isOver, now }: { readonly isOver: boolean; readonly now: Date },
): Block[] {
  const ref = refOf(stored)
  const drivers = button('Show drivers', ACTIONS.drivers, ref)
  if (isOver) return [{ type: 'actions', elements: [drivers] }]
  const acknowledge = button('Acknowledge', ACTIONS.acknowledge, ref)
  const rest = [
    ...(stateToAttend(state, counters, now) === null ? [] : [acknowledge]),
    drivers,
    moreMenu(ref, quietOf(attention, now) !== null),
  ]
  if (state.kind === 'stopped' && state.by === 'person') {
    const resume = button('Resume', ACTIONS.resume, ref, { style: 'primary' })
    return [{ type: 'actions', elements: [resume, ...rest] }]
  }
  const stop = stopButton(stored, ref)
  if (stored.budget.scope.each !== null) {
    const stopped = stoppedOf(counters, now)
    const choices = stopped.length === 0 ? [] : [overrideMenu(stopped)]
    return [{ type: 'actions', elements: [...choices, stop, ...rest] }]
  }
  const override = button(
    state.kind === 'overridden' ? 'Override again' : 'Override',
    ACTIONS.override,
    ref,
    state.kind === 'stopped' ? { style: 'primary' } : {},
  )
  return [{ type: 'actions', elements: [override, stop, ...rest] }]
}

const refOf = ({ budget, current }: StoredBudget): string =>
  writeCardRef({ budgetId: budget.id, periodFrom: current.period.from, counter: current.counter })

/** Slack shows five at most in such a menu. */
const moreMenu = (ref: string, isQuiet: boolean) => ({
  type: 'overflow' as const,
  action_id: ACTIONS.cardMore,
  options: [
    { text: plain('Adjust budget', 75), value: writeMore('adjust', ref) },
    ...(isQuiet ? [{ text: plain('Tell crossings again', 75), value: writeMore('loud', ref) }] : []),
    ...QUIET_CHOICES.map((choice) => ({
      text: plain(QUIET_WORDS[choice], 75),
      value: writeMore(choice, ref),
    })),
  ],
})

const QUIET_WORDS: Readonly<Record<QuietChoice, string>> = {
  '1h': 'Snooze crossings for 1 hour',
  '4h': 'Snooze crossings for 4 hours',
  tomorrow: 'Snooze until tomorrow 09:00',
}

const stopButton = ({ budget }: StoredBudget, ref: string) =>
  button('Stop now', ACTIONS.stop, ref, {
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

function overrideMenu(stopped: readonly StoredBudget[]) {
  return {
    type: 'static_select' as const,
    action_id: ACTIONS.overrideCounter,
    placeholder: plain('Override for …', 150),
    options: stopped.slice(0, CHOICES_MAX).map((counter) => ({
      text: plain(whoseOf(counter) ?? '', 75),
      value: refOf(counter),
    })),
  }
}

const whoseOf = ({ budget, current }: StoredBudget): string | null =>
  counterWords(budget.scope, current.counter, current.ownerName)
