/** A budget modal as it was filled in, and how what keeps it from being saved is said under a field. */
import type { WebClient } from '@slack/web-api'
import type { NanoUsd } from '../../../core/money.ts'
import type { Reach } from '../../../core/people/reach.ts'
import { unreachable } from '../../../core/unreachable.ts'
import type { BudgetRefusal } from '../../../db/postgres/budgets.ts'
import type { Project } from '../../../db/postgres/projects.ts'
import { name } from '../../blocks/text.ts'
import type { FormRef } from '../../budget-form/form-ref.ts'
import { FIELDS } from '../../ids.ts'
import type { Caller } from '../../slack/authorize.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import type { Answer } from './submitted.ts'

export interface Filled {
  readonly caller: Caller
  readonly reach: Reach
  readonly client: WebClient
  readonly userId: string
  readonly ref: FormRef
  readonly field: (name: string) => string
  readonly limit: NanoUsd
  readonly limitField: string
  readonly channelId: string
  readonly channelField: string
  /** Null for the whole organisation, and where a budget that is there is changed. */
  readonly project: Project | null
  /** By the organisation's policy; a budget that is there may have one of its own. */
  readonly mayRaise: boolean
}

export const MORE_THAN_SEEN =
  'A budget of the whole organisation covers projects that you do not see. Choose one of yours, or ask an admin.'

export const under = (field: string, text: string): Answer => ({ kind: 'errors', errors: { [field]: text } })

export function refused(
  { ref, limitField }: Pick<Filled, 'ref' | 'limitField'>,
  refusal: BudgetRefusal,
): Answer {
  // A budget that is changed shows no project to complain under.
  const first = ref.budgetId === null ? FIELDS.project : limitField
  switch (refusal) {
    case 'limit_not_positive':
      return under(limitField, 'Enter an amount above zero.')
    case 'raise_not_allowed':
      return under(
        limitField,
        'Only workspace admins and approvers may raise a limit. Ask one of them to save this.',
      )
    case 'budgets_too_many':
      return under(first, 'This organisation has 200 budgets, the most there can be. End one of them first.')
    case 'project_unknown':
      return under(first, 'This project no longer exists. Close this and run /lens budget again.')
    case 'budget_unknown':
      return under(first, 'This budget no longer exists. Close this and run /lens budgets again.')
    case 'changed_meanwhile':
    case 'key_reused':
      return under(limitField, 'Somebody changed this budget meanwhile. Close this and open it again.')
    default:
      return unreachable(refusal)
  }
}

/**
 * Null when the app can post there. A message that only this person sees asks that with the scope to write alone;
 * reading channels would take scopes that are not worth asking for.
 */
export async function whyUnreachable(
  { client, channelId, userId }: Pick<Filled, 'client' | 'channelId' | 'userId'>,
  title: string,
): Promise<string | null> {
  if (channelId === '') return 'Choose a channel for the card.'
  try {
    const text = `The budget card of *${name(title)}* comes to this channel.`
    await client.chat.postEphemeral({ channel: channelId, user: userId, text })
    return null
  } catch (error) {
    const failure = slackFailureOf(error)
    if (failure?.kind !== 'refused') throw error
    switch (failure.error) {
      case 'not_in_channel':
      case 'channel_not_found':
        return 'LensAI is not in that channel. Type /invite @LensAI there, then save again.'
      case 'is_archived':
        return 'That channel is archived. Choose another.'
      case 'user_not_in_channel':
        return 'You are not in that channel. Join it, or choose another.'
      default:
        return `LensAI cannot post there (${describeFailure(failure)}). Choose another channel.`
    }
  }
}
