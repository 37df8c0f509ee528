/**
 * The modal behind Override: how much more, for how long, and why. It says beforehand whether pressing lets calls pass
 * or asks another person, and follows what is entered with the ceiling and the end.
 */
import { countedIn } from '../../core/budget/limit.ts'
import type { OverrideTerms } from '../../core/budget/override-policy.ts'
import { stopLineOf } from '../../core/budget/state.ts'
import { maxUsd, showUsd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { FIELD_VALUE, FIELDS, VIEWS, writeCardRef } from '../ids.ts'
import { approverWords } from './approver-words.ts'
import { figuresOf, periodName, subjectOf } from './budget-words.ts'
import { type Entered, type OverrideForm, previewWords } from './override-preview.ts'
import {
  type Block,
  context,
  escapeText,
  instant,
  type ModalView,
  plain,
  section,
  windowName,
} from './text.ts'

const REASON_CHARS_MAX = 300

export interface OverrideModal {
  readonly form: OverrideForm
  readonly terms: OverrideTerms
  readonly userId: string
  /** What stands in it by now; null when it opens. */
  readonly entered: Entered | null
}

/** `stored` is the counter that is let pass, where the budget has one for each user or key. */
export function overrideModal(stored: StoredBudget, modal: OverrideModal, now: Date): ModalView {
  const { budget, current } = stored
  const { form, terms, userId } = modal
  const entered = modal.entered ?? { amount: '', windowS: terms.windowsS[0] ?? 0 }
  return {
    type: 'modal',
    callback_id: form === 'grant' ? VIEWS.override : VIEWS.askOverride,
    title: plain('Override', 24),
    submit: plain(form === 'grant' ? 'Let calls pass' : 'Ask for approval', 24),
    close: plain('Cancel', 24),
    private_metadata: writeCardRef({
      ...{ budgetId: budget.id, periodFrom: current.period.from, counter: current.counter },
    }),
    blocks: [
      section(`${subjectOf(stored)}\n${figuresOf(stored)}`),
      ...(form === 'grant' ? [] : [section(askingWords(terms, userId))]),
      amountField(stored, terms),
      windowField(terms),
      {
        type: 'section',
        block_id: FIELDS.preview,
        text: { type: 'mrkdwn', text: previewWords(stored, modal, entered, now) },
      },
      reasonField(),
      context(
        `Your name and reason are posted in the thread of the card. ${current.override ? 'The running override is replaced. ' : ''}${escapeText(periodName(stored))} ends ${instant(current.period.until)}, and an override with it.`,
      ),
    ],
  }
}

const askingWords = (terms: OverrideTerms, userId: string): string =>
  `:raised_hand:  *This asks for approval.* Nothing passes before it is approved, by ${approverWords(terms, userId)}. The request waits for ${windowName(terms.requestExpiresS)}, and not beyond the period.`

/** Slack sends what is typed as it is typed, so that the preview can follow. */
function amountField(stored: StoredBudget, { amountMax }: OverrideTerms): Block {
  const base = maxUsd(countedIn(stored.current), stopLineOf(stored))
  const most = amountMax === null ? '' : ` At most ${showUsd(amountMax)}.`
  return {
    type: 'input',
    block_id: FIELDS.amount,
    dispatch_action: true,
    label: plain('How much more, in USD or in % of the limit'),
    hint: plain(`On top of ${showUsd(base)}.${most} Calls stop again when it is spent.`),
    element: {
      type: 'plain_text_input',
      action_id: FIELD_VALUE,
      placeholder: plain('10 or 25%', 150),
      focus_on_load: true,
      dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
    },
  }
}

function windowField({ windowsS }: OverrideTerms): Block {
  const options = windowsS.map((seconds) => ({
    text: plain(windowName(seconds), 75),
    value: String(seconds),
  }))
  const [first] = options
  return {
    type: 'input',
    block_id: FIELDS.window,
    dispatch_action: true,
    label: plain('For how long'),
    element: {
      type: 'static_select',
      action_id: FIELD_VALUE,
      options,
      ...(first ? { initial_option: first } : {}),
    },
  }
}

const reasonField = (): Block => ({
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
})

/** Instead of a modal that cannot be acted on any more. */
export const sayModal = (title: string, text: string): ModalView => ({
  type: 'modal',
  title: plain(title, 24),
  close: plain('Close', 24),
  blocks: [section(text)],
})
