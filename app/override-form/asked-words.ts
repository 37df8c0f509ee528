/** What a person who asked for an override is told, who may approve it, and until when. */
import type { OverrideTerms } from '../../core/budget/override-policy.ts'
import type { OverrideAsked } from '../../core/budget/override-request.ts'
import { showUsd } from '../../core/money.ts'
import { approverWords } from '../blocks/approver-words.ts'
import { instant, who } from '../blocks/text.ts'

export const askedWords = (request: OverrideAsked, terms: OverrideTerms): string =>
  `*Asked, not granted.* Calls do not pass yet. The request for ${showUsd(request.amount)} more is in the thread of the card, and waits for ${approverWords(terms, request.requestedBy)} until ${instant(request.expiresAt)}. You can take it back there.`

export const pendingWords = (request: OverrideAsked): string =>
  `${who(request.requestedBy)} already asked for ${showUsd(request.amount)} more, and that waits for a decision until ${instant(request.expiresAt)}. One request waits at a time: it is approved, denied or taken back in the thread of the card.`
