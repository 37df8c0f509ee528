/**
 * "Let calls pass" and "Ask for approval" in the override modal: authorised again, since rights and budgets change while a
 * modal is open. What the policy lets the person do alone is granted, and otherwise kept as a request.
 */
import { createHash } from 'node:crypto'
import type { App, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt'
import type { OverrideRefusal } from '../../../core/budget/override.ts'
import { parseOverrideAmount } from '../../../core/budget/override-amount.ts'
import { mayGrantAlone, type OverrideTerms } from '../../../core/budget/override-policy.ts'
import { unreachable } from '../../../core/unreachable.ts'
import { askOverride, type OverrideAskOutcome } from '../../../db/postgres/ask-override.ts'
import type { Once } from '../../../db/postgres/once.ts'
import { readOverrideTerms } from '../../../db/postgres/overrides.ts'
import { AMOUNT_WAYS, aboveWords } from '../../blocks/override-preview.ts'
import { periodIsOver } from '../../cards/period-is-over.ts'
import { FIELDS, isReferredTo, readCardRef, VIEWS } from '../../ids.ts'
import { askedWords, pendingWords } from '../../override-form/asked-words.ts'
import { seenBudget } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { type Asker, approverOf, readViewer, refusalOf } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

const TITLE = 'Override'
const closed = (text: string): Answer => ({ kind: 'say', title: TITLE, text })
const under = (field: string, text: string): Answer => ({ kind: 'errors', errors: { [field]: text } })

type Submitted = SlackViewMiddlewareArgs<ViewSubmitAction> & {
  readonly client: Asker['client']
  readonly context: Readonly<Record<string, unknown>>
}

export function registerAskOverride(app: App, deps: ListenerDeps): void {
  for (const callbackId of [VIEWS.override, VIEWS.askOverride])
    app.view<ViewSubmitAction>({ callback_id: callbackId, type: 'view_submission' }, async (submitted) => {
      const { ack } = submitted
      const about = { what: callbackId, ack, firstField: FIELDS.amount }
      await answerSubmission(deps, about, () => submit(deps, submitted))
    })
}

async function submit(deps: ListenerDeps, { body, view, client, context }: Submitted): Promise<Answer> {
  const ref = readCardRef(view.private_metadata)
  if (!ref) return closed('This card is of an older version of LensAI and no longer works.')
  const [caller, now] = [callerOf(context), deps.now()]
  const { tables } = deps.postgres
  const person = await readViewer(deps, { client, userId: body.user.id, caller })
  const all = await seenBudget(tables, person.reach, { budgetId: ref.budgetId, at: ref.periodFrom })
  const [rule] = all
  if (!rule) return closed('This budget no longer exists.')
  const terms = await readOverrideTerms(tables, rule)
  const refusal = refusalOf(person, 'ask', terms)
  if (refusal) return closed(refusal)
  const over = periodIsOver(rule, ref.periodFrom, now)
  if (over !== null) return closed(over)
  const stored = all.find(({ current }) => isReferredTo(current.counter, ref))
  if (!stored) return closed('That counter is not on this card any more.')
  const by = approverOf(person)
  // Who pressed "Ask for approval" must not have granted it; the other way round they are told.
  if (view.callback_id === VIEWS.askOverride && mayGrantAlone(terms, by))
    return closed(
      'Nothing was asked: the policy has changed, and you may let calls pass yourself by now. Press *Override* again.',
    )
  const { values } = view.state
  const amount = parseOverrideAmount(fieldOf(values, FIELDS.amount))
  if (amount === null) return under(FIELDS.amount, `Enter an amount ${AMOUNT_WAYS}.`)
  const asking = {
    ...{ orgId: caller.orgId, budgetId: ref.budgetId, counter: stored.current.counter, amount, by },
    windowS: Number(fieldOf(values, FIELDS.window)),
    reason: fieldOf(values, FIELDS.reason),
    once: onceOf(caller.orgId, view.id),
    origin: 'slack',
  } as const
  return answerOf(await askOverride(deps.postgres, asking, now), terms)
}

/** After an answer that came too late Slack shows an error, and the person presses again: one view asks once. */
function onceOf(orgId: string, viewId: string): Once {
  const key = createHash('sha256').update(`slack/${orgId}/${viewId}`).digest('hex')
  return { key, fingerprint: key }
}

function answerOf(outcome: OverrideAskOutcome, terms: OverrideTerms): Answer {
  switch (outcome.kind) {
    case 'granted':
      return { kind: 'close' }
    case 'requested':
      return closed(askedWords(outcome.request, terms))
    case 'pending_already':
      return closed(pendingWords(outcome.request))
    case 'budget_unknown':
      return closed('This budget no longer exists.')
    case 'key_reused':
      return closed('This form was used already. Press *Override* again.')
    case 'refused':
      return refusalAnswer(outcome.refusal, terms)
    default:
      return unreachable(outcome)
  }
}

function refusalAnswer(refusal: OverrideRefusal, terms: OverrideTerms): Answer {
  switch (refusal) {
    case 'amount_not_positive':
      return under(FIELDS.amount, 'Enter an amount above zero.')
    case 'amount_above_policy':
      return under(FIELDS.amount, aboveWords(terms))
    case 'window_not_offered':
      return under(FIELDS.window, 'The settings no longer offer this. Close this and press Override again.')
    case 'reason_missing':
      return under(FIELDS.reason, 'Say why: it stands in the thread of the card.')
    case 'stopped_by_person':
      return closed('Someone stopped this budget by hand. Press *Resume* on its card instead.')
    case 'not_an_approver':
    case 'second_person_needed':
      return closed('The policy of this budget changed a moment ago. Press *Override* again.')
    default:
      return unreachable(refusal)
  }
}
