/** Up to what, and until when, calls would pass by what stands in the override modal. */

import { limitIn } from '../../core/budget/limit.ts'
import { grantOverride, type OverrideRefusal } from '../../core/budget/override.ts'
import { parseOverrideAmount, sumOfAmount } from '../../core/budget/override-amount.ts'
import type { OverrideTerms } from '../../core/budget/override-policy.ts'
import { showUsd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { periodName } from './budget-words.ts'
import { escapeText, instant, windowName } from './text.ts'

/** Whether pressing it lets calls pass, or asks another person to. */
export type OverrideForm = 'grant' | 'ask'

export interface Entered {
  readonly amount: string
  readonly windowS: number
}

export const AMOUNT_WAYS = 'such as 10 or 1,250.50 in USD, or 25% of the limit'

export function previewWords(
  stored: StoredBudget,
  { terms, form }: { readonly terms: OverrideTerms; readonly form: OverrideForm },
  { amount: text, windowS }: Entered,
  now: Date,
): string {
  if (text.trim() === '') return 'Enter how much more, to see up to what and until when calls would pass.'
  const asked = parseOverrideAmount(text)
  if (asked === null) return `That is not an amount yet: write one ${AMOUNT_WAYS}.`
  const amount = sumOfAmount(asked, limitIn(stored.budget, stored.current))
  // By the same rule that will grant it; who and why change neither the sum nor the end.
  const request = { id: 'preview', amount, windowS, reason: 'preview', grantedBy: 'preview' }
  const outcome = grantOverride(stored, request, terms, now)
  if (outcome.kind === 'refused') return refusedWords(outcome.refusal, terms)
  const { ceiling, until } = outcome.override
  const who = form === 'grant' ? 'Calls pass' : 'Approved now, calls would pass'
  const share = typeof asked === 'bigint' ? '' : ` (${asked.percent}% of the limit is ${showUsd(amount)})`
  const period = escapeText(periodName(stored))
  const end =
    until.getTime() < now.getTime() + windowS * 1000
      ? `${instant(until)}: ${period} ends then, sooner than ${windowName(windowS)} from now.`
      : `${instant(until)}, or the end of ${period}, whichever comes first.`
  return `${who} up to *${showUsd(ceiling)}*${share} until ${end}`
}

export const aboveWords = ({ amountMax }: Pick<OverrideTerms, 'amountMax'>): string =>
  amountMax === null
    ? 'That is more than can be counted: enter less.'
    : `The policy allows at most ${showUsd(amountMax)} at once.`

function refusedWords(refusal: OverrideRefusal, terms: OverrideTerms): string {
  if (refusal === 'amount_above_policy') return aboveWords(terms)
  if (refusal === 'amount_not_positive') return 'Enter an amount above zero.'
  return refusal === 'stopped_by_person'
    ? 'Someone stopped this budget by hand: an override does not lift that.'
    : 'Choose for how long, to see until when calls would pass.'
}
