/** Why an override is not granted, as the caller is told. */
import type { OverrideRefusal } from '../../core/budget/override.ts'
import { Refusal } from '../errors.ts'

export function overrideRefused(refusal: OverrideRefusal): Refusal {
  return refusal === 'not_an_approver'
    ? new Refusal('not_an_approver')
    : new Refusal('override_refused', MESSAGES[refusal])
}

const MESSAGES: Readonly<Record<Exclude<OverrideRefusal, 'not_an_approver'>, string>> = {
  amount_not_positive: 'The override would add nothing; ask for an amount above zero.',
  amount_above_policy:
    "The amount is above what may be granted at once: see override_policy of the budget or, where it is null, the organisation's in /lens settings.",
  window_not_offered: "The budget's policy does not offer this window_s; GET the budget for its windows_s.",
  reason_missing: 'The reason is empty; say why.',
  stopped_by_person: 'A person stopped this budget; an override does not lift that, POST …/resume does.',
  second_person_needed: 'A second person has to agree; ask, and let another person approve.',
}
