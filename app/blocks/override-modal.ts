/** The modal behind Override: how much more, for how long, and why. */
import type { OverrideBounds } from '../../core/budget/override.ts'
import { stopLineOf } from '../../core/budget/state.ts'
import { maxUsd, showUsd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { FIELD_VALUE, FIELDS, VIEWS, writeCardRef } from '../ids.ts'
import { figuresOf, periodName, subjectOf } from './budget-words.ts'
import { context, escapeText, instant, type ModalView, plain, section, windowName } from './text.ts'

const REASON_CHARS_MAX = 300

/** `stored` is the counter that is let pass, where the budget has one for each user or key. */
export function overrideModal(stored: StoredBudget, policy: OverrideBounds): ModalView {
  const { budget, current } = stored
  const base = maxUsd(current.spent, stopLineOf(stored))
  const most = policy.amountMax === null ? '' : ` At most ${showUsd(policy.amountMax)}.`
  const options = policy.windowsS.map((seconds) => ({
    text: plain(windowName(seconds), 75),
    value: String(seconds),
  }))
  const [first] = options
  return {
    type: 'modal',
    callback_id: VIEWS.override,
    title: plain('Override', 24),
    submit: plain('Let calls pass', 24),
    close: plain('Cancel', 24),
    private_metadata: writeCardRef({
      ...{ budgetId: budget.id, periodFrom: current.period.from, counter: current.counter },
    }),
    blocks: [
      section(`${subjectOf(stored)}\n${figuresOf(stored)}`),
      {
        type: 'input',
        block_id: FIELDS.amount,
        label: plain('How much more, in USD'),
        hint: plain(`On top of ${showUsd(base)}.${most} Calls stop again when it is spent.`),
        element: {
          type: 'plain_text_input',
          action_id: FIELD_VALUE,
          placeholder: plain('10', 150),
          focus_on_load: true,
        },
      },
      {
        type: 'input',
        block_id: FIELDS.window,
        label: plain('For how long'),
        element: {
          type: 'static_select',
          action_id: FIELD_VALUE,
          options,
          ...(first ? { initial_option: first } : {}),
        },
      },
      {
        type: 'input',
        block_id: FIELDS.reason,
        label: plain('Why'),
        element: {
          type: 'plain_text_input',
          action_id: FIELD_VALUE,
          multiline: true,
          max_length: REASON_CHARS_MAX,
          placeholder: plain('What is running, and why it must go on', 150),
        },
      },
      context(
        `Your name and reason are posted in the thread of the card. ${current.override ? 'The running override is replaced. ' : ''}${escapeText(periodName(stored))} ends ${instant(current.period.until)}, and an override with it.`,
      ),
    ],
  }
}

/** Instead of a modal that cannot be acted on any more. */
export const sayModal = (title: string, text: string): ModalView => ({
  type: 'modal',
  title: plain(title, 24),
  close: plain('Close', 24),
  blocks: [section(text)],
})
