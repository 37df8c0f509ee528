/** "Let calls pass" in the override modal: authorised again, since rights and budgets change while a modal is open. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import type { OverrideRefusal } from '../../../core/budget/override.ts'
import { parseUsd, showUsd } from '../../../core/money.ts'
import { unreachable } from '../../../core/unreachable.ts'
import { ofBudget } from '../../../db/postgres/budget-settings.ts'
import { readBudgetsIn } from '../../../db/postgres/budget-snapshots.ts'
import { grantOverride, readOverrideTerms } from '../../../db/postgres/overrides.ts'
import { periodIsOver } from '../../cards/period-is-over.ts'
import { FIELDS, isReferredTo, readCardRef, VIEWS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readPerson, refusalOf } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

const TITLE = 'Override'
const closed = (text: string): Answer => ({ kind: 'say', title: TITLE, text })
const under = (field: string, text: string): Answer => ({ kind: 'errors', errors: { [field]: text } })

export function registerGrantOverride(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.override, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const caller = callerOf(context)
      await answerSubmission(deps, { what: VIEWS.override, ack, firstField: FIELDS.amount }, async () => {
        const ref = readCardRef(view.private_metadata)
        if (!ref) return closed('This card is of an older version of LensAI and no longer works.')
        const now = deps.now()
        const { tables } = deps.postgres
        const about = ofBudget(caller.orgId, ref.budgetId)
        const [person, all] = await Promise.all([
          readPerson(client, body.user.id, caller),
          readBudgetsIn(tables, about, ref.periodFrom),
        ])
        const [rule] = all
        if (!rule) return closed('This budget no longer exists.')
        const policy = await readOverrideTerms(tables, rule)
        const refusal = refusalOf(person, 'lift', policy)
        if (refusal) return closed(refusal)
        const over = periodIsOver(rule, ref.periodFrom, now)
        if (over !== null) return closed(over)
        const stored = all.find(({ current }) => isReferredTo(current.counter, ref))
        if (!stored) return closed('That counter is not on this card any more.')
        const { values } = view.state
        const amount = parseUsd(fieldOf(values, FIELDS.amount))
        if (amount === null) return under(FIELDS.amount, 'Enter an amount in USD, such as 10 or 1,250.50.')
        const outcome = await grantOverride(
          deps.postgres,
          {
            orgId: caller.orgId,
            budgetId: ref.budgetId,
            counter: stored.current.counter,
            amount,
            windowS: Number(fieldOf(values, FIELDS.window)),
            reason: fieldOf(values, FIELDS.reason),
            grantedBy: body.user.id,
            // After an answer that came too late Slack shows an error, and the person presses again.
            submissionId: view.id,
          },
          now,
        )
        if (outcome.kind === 'granted' || outcome.kind === 'already') return { kind: 'close' }
        if (outcome.kind === 'budget_unknown') return closed('This budget no longer exists.')
        return refusalAnswer(outcome.refusal, policy.amountMax === null ? '' : showUsd(policy.amountMax))
      })
    },
  )
}

function refusalAnswer(refusal: OverrideRefusal, amountMax: string): Answer {
  switch (refusal) {
    case 'amount_not_positive':
      return under(FIELDS.amount, 'Enter an amount above zero.')
    case 'amount_above_policy':
      return under(FIELDS.amount, `The settings allow at most ${amountMax} at once.`)
    case 'window_not_offered':
      return under(FIELDS.window, 'The settings no longer offer this. Close this and press Override again.')
    case 'reason_missing':
      return under(FIELDS.reason, 'Say why: it stands in the thread of the card.')
    case 'stopped_by_person':
      return closed('Someone stopped this budget by hand. Press *Resume* on its card instead.')
    case 'not_an_approver':
      return closed('The policy of this budget names the people who may let calls pass. Ask one of them.')
    case 'second_person_needed':
      return closed(
        'A second person has to agree to an override of this budget. Ask for it with `POST /v1/budgets/{id}/overrides`; its card says when someone does.',
      )
    default:
      return unreachable(refusal)
  }
}
