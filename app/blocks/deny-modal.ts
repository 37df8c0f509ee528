/** The small modal behind Deny, and behind Take back: why. */
import type { OverrideAsked } from '../../core/budget/override-request.ts'
import { showUsd } from '../../core/money.ts'
import { FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { clip, context, escapeText, type ModalView, plain, section, who, windowName } from './text.ts'

const REASON_CHARS_MAX = 300

/** `isOwn` when whoever asked takes the request back. */
export function denyModal(request: OverrideAsked, isOwn: boolean): ModalView {
  const more = `${showUsd(request.amount)} more for ${windowName(request.windowS)}`
  const reason = escapeText(clip(request.reason.replaceAll('\n', ' '), REASON_CHARS_MAX))
  return {
    type: 'modal',
    callback_id: VIEWS.denyRequest,
    title: plain(isOwn ? 'Take back' : 'Deny', 24),
    submit: plain(isOwn ? 'Take back' : 'Deny', 24),
    close: plain('Cancel', 24),
    private_metadata: request.id,
    blocks: [
      section(`${who(request.requestedBy)} asked for *${more}*.\n>${reason}`),
      {
        type: 'input',
        block_id: FIELDS.reason,
        label: plain('Why'),
        element: {
          type: 'plain_text_input',
          action_id: FIELD_VALUE,
          multiline: true,
          max_length: REASON_CHARS_MAX,
          focus_on_load: true,
          placeholder: plain(
            isOwn ? 'Why it is not needed any more' : 'What whoever asked should know or do instead',
            150,
          ),
        },
      },
      context('Your name and reason are posted in the thread of the card.'),
    ],
  }
}
