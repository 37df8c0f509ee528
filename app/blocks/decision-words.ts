/** Why a press on Approve, Deny or Take back changed nothing, for whoever pressed. */
import type { OverrideRefusal } from '../../core/budget/override.ts'
import type { OverrideTerms } from '../../core/budget/override-policy.ts'
import type { DecisionRefusal, OverrideAsked } from '../../core/budget/override-request.ts'
import { unreachable } from '../../core/unreachable.ts'
import { approverWords } from './approver-words.ts'
import { aboveWords } from './override-preview.ts'
import { requestEnd } from './request-message.ts'

export const GONE_WORDS = 'This request no longer exists, nor does its budget.'

/** `request` as it stands by now. */
export function undecidedWords(
  refusal: DecisionRefusal | OverrideRefusal,
  request: OverrideAsked,
  terms: OverrideTerms,
): string {
  switch (refusal) {
    case 'own_request':
      return `You asked for this yourself, and the policy of this budget wants a second person: ${approverWords(terms, request.requestedBy)}. You can take it back.`
    case 'not_an_approver':
      return `You may not decide on this. It waits for ${approverWords(terms, request.requestedBy)}.`
    case 'already_decided':
      return endedWords(request)
    case 'reason_missing':
      return 'Say why: it stands in the thread of the card.'
    case 'stopped_by_person':
      return 'Someone stopped this budget by hand meanwhile: press *Resume* on its card first. The request still waits.'
    case 'amount_above_policy':
      return `${aboveWords(terms)} The policy has changed since this was asked for; deny it, or let it be asked for again.`
    case 'window_not_offered':
      return 'The policy has changed since this was asked for, and no longer offers so long a time; deny it, or let it be asked for again.'
    case 'amount_not_positive':
    case 'second_person_needed':
      return 'This cannot be approved as it was asked for; deny it, and let it be asked for again.'
    default:
      return unreachable(refusal)
  }
}

export const endedWords = ({ state, requestedBy }: OverrideAsked): string =>
  state.kind === 'pending'
    ? 'This request was just decided. Nothing changed.'
    : `${requestEnd(requestedBy, state)}. Nothing changed.`
