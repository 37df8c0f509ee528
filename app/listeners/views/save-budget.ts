/** "Save" in the budget modal. A card needs a channel that the app is in, so that is found out before anything is saved. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { parseUsd, zeroUsd } from '../../../core/money.ts'
import { unreachable } from '../../../core/unreachable.ts'
import type { StoredBudget } from '../../../db/postgres/budget-snapshots.ts'
import { budgetOfProject, setMonthlyBudget } from '../../../db/postgres/monthly-budget.ts'
import { readOverridePolicy, readOverrideTerms } from '../../../db/postgres/overrides.ts'
import { listProjects } from '../../../db/postgres/projects.ts'
import { budgetField } from '../../blocks/budget-modal.ts'
import { name } from '../../blocks/text.ts'
import { FIELDS, VIEWS } from '../../ids.ts'
import { type Caller, callerOf } from '../../slack/authorize.ts'
import { readPerson, refusalOf } from '../../slack/people.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

interface Entered {
  readonly caller: Caller
  readonly client: WebClient
  readonly userId: string
  readonly projectId: string
  readonly limit: string
  readonly channelId: string
}

export function registerSaveBudget(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.budget, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const { values } = view.state
      const projectId = fieldOf(values, FIELDS.project)
      // The fields are those of the project that the modal showed, which a failed update may have left behind.
      const shown = view.private_metadata
      const entered: Entered = {
        caller: callerOf(context),
        client,
        userId: body.user.id,
        projectId,
        limit: fieldOf(values, budgetField(FIELDS.limit, shown)),
        channelId: fieldOf(values, budgetField(FIELDS.channel, shown)),
      }
      const firstField = budgetField(FIELDS.limit, shown)
      await answerSubmission(deps, { what: VIEWS.budget, ack, firstField }, () => save(deps, entered, shown))
    },
  )
}

async function save(deps: ListenerDeps, entered: Entered, shown: string): Promise<Answer> {
  const under = (field: string, text: string): Answer => ({ kind: 'errors', errors: { [field]: text } })
  const [limitField, channelField] = [budgetField(FIELDS.limit, shown), budgetField(FIELDS.channel, shown)]
  const limit = parseUsd(entered.limit)
  if (limit === null || limit <= zeroUsd) {
    return under(limitField, 'Enter an amount above zero in USD, such as 250 or 1,250.50.')
  }
  const { caller, projectId, channelId } = entered
  const { tables } = deps.postgres
  const project = (await listProjects(tables, caller.orgId)).find(({ id }) => id === projectId)
  if (!project)
    return under(FIELDS.project, 'This project no longer exists. Close this and run /lens budget again.')
  const present = await budgetOfProject(tables, projectId, deps.now())
  const rights = await readRights(deps, entered, present)
  if (rights.refusal) return under(limitField, rights.refusal)
  if (present?.channelId !== channelId) {
    const reason = await whyUnreachable(entered, project.name)
    if (reason) return under(channelField, reason)
  }
  const outcome = await setMonthlyBudget(
    deps.postgres,
    {
      orgId: caller.orgId,
      projectId,
      limit,
      slack: { installationId: caller.installationId, channelId },
      by: entered.userId,
      origin: 'slack',
      mayRaise: rights.mayRaise,
    },
    deps.now(),
  )
  if (outcome.kind === 'set') return { kind: 'close' }
  switch (outcome.refusal) {
    case 'limit_not_positive':
      return under(limitField, 'Enter an amount above zero.')
    case 'raise_not_allowed':
      return under(limitField, 'Only workspace admins may raise a limit. Ask an admin to save this.')
    case 'budgets_too_many':
      return under(
        FIELDS.project,
        'This organisation has 200 budgets, the most there can be. End one of them first.',
      )
    case 'budget_unknown':
    case 'project_unknown':
      return under(FIELDS.project, 'This project no longer exists. Close this and run /lens budget again.')
    case 'changed_meanwhile':
    case 'key_reused':
      return under(limitField, 'Somebody changed this budget meanwhile. Close this and open it again.')
    default:
      return unreachable(outcome.refusal)
  }
}

/** Raising a limit lets calls pass again as an override does, so it takes the same right. */
async function readRights(
  deps: ListenerDeps,
  { client, userId, caller }: Entered,
  present: StoredBudget | undefined,
): Promise<{ readonly refusal: string | null; readonly mayRaise: boolean }> {
  const [person, policy] = await Promise.all([
    readPerson(client, userId, caller),
    present
      ? readOverrideTerms(deps.postgres.tables, present)
      : readOverridePolicy(deps.postgres.tables, caller.orgId),
  ])
  return {
    refusal: refusalOf(person, 'set_budget', policy),
    mayRaise: refusalOf(person, 'lift', policy) === null,
  }
}

/**
 * Null when the app can post there. A message that only this person sees asks that with the scope to write alone;
 * reading channels would take scopes that are not worth asking for.
 */
async function whyUnreachable(
  { client, channelId, userId }: Entered,
  projectName: string,
): Promise<string | null> {
  if (channelId === '') return 'Choose a channel for the card.'
  try {
    const text = `The budget card of *${name(projectName)}* comes to this channel. (Only you see this.)`
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
