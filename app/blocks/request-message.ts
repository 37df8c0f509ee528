/**
 * A request for an override in the thread of its card: who asks for what, with the buttons that decide it; once it is
 * decided, who did and when, and no button.
 */
import type { OverrideTerms } from '../../core/budget/override-policy.ts'
import type { OverrideAsked, RequestState } from '../../core/budget/override-request.ts'
import { showUsd } from '../../core/money.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { ACTIONS } from '../ids.ts'
import { approverWords } from './approver-words.ts'
import { counterName } from './budget-words.ts'
import type { Message } from './card.ts'
import { button, clip, context, escapeText, instant, name, section, who, windowName } from './text.ts'

const REASON_CHARS_MAX = 500

/** `terms` are those that hold now; who approves is said only while someone can. */
export function requestMessage(
  request: OverrideAsked,
  { budget, current }: Pick<StoredBudget, 'budget' | 'current'>,
  terms: Pick<OverrideTerms, 'lifters' | 'secondPerson'>,
): Message {
  const { state } = request
  const asksFor =
    current.counter === request.counter ? current : { counter: request.counter, ownerName: null }
  const whose = counterName(budget.scope, asksFor)
  const passing = whose === null ? 'calls' : `calls of ${whose}`
  const verb = state.kind === 'pending' ? 'asks' : 'asked'
  const more = `${showUsd(request.amount)} more for ${windowName(request.windowS)}`
  const asked = `${who(request.requestedBy)} ${verb} to let ${passing} of *${name(budget.title)}* pass: *${more}*.\n>${quoted(request.reason)}`
  if (state.kind !== 'pending') {
    const end = `${requestEnd(request.requestedBy, state)}.`
    return { text: `${asked}\n${end}`, blocks: [section(asked), context(end)] }
  }
  const waits = `Waits for ${approverWords(terms, request.requestedBy)} until ${instant(request.expiresAt)}. Its time begins when it is approved.`
  return {
    text: `:raised_hand: ${asked}\n${waits}`,
    blocks: [
      section(`:raised_hand:  ${asked}`),
      context(waits),
      {
        type: 'actions',
        elements: [
          button('Approve', ACTIONS.approveRequest, request.id, { style: 'primary' }),
          button('Deny', ACTIONS.denyRequest, request.id, { style: 'danger' }),
          button('Take back', ACTIONS.takeBackRequest, request.id),
        ],
      },
    ],
  }
}

/** `Approved by <@U2>, <date>`: how a request ended, without a full stop. */
export function requestEnd(requestedBy: string, state: Exclude<RequestState, { kind: 'pending' }>): string {
  switch (state.kind) {
    case 'granted':
      return `:white_check_mark: Approved by ${who(state.by)}, ${instant(state.at)}`
    case 'denied': {
      const deed = state.by === requestedBy ? 'Taken back' : 'Denied'
      return `:no_entry_sign: ${deed} by ${who(state.by)}, ${instant(state.at)}: ${quoted(state.reason)}`
    }
    case 'expired':
      return `:hourglass: Expired ${instant(state.at)}: nobody decided`
    default:
      return unreachable(state)
  }
}

/** In one line: what follows a line break would stand outside the quote. */
const quoted = (reason: string): string => escapeText(clip(reason.replaceAll('\n', ' '), REASON_CHARS_MAX))
