/** Approve, Deny and Take back on a request for an override, in the thread of its card. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { decideRequest } from '../../../core/budget/override-request.ts'
import { decideOverrideRequest, findRequest } from '../../../db/postgres/override-requests.ts'
import { endedWords, GONE_WORDS, undecidedWords } from '../../blocks/decision-words.ts'
import { denyModal } from '../../blocks/deny-modal.ts'
import { who } from '../../blocks/text.ts'
import { ACTIONS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { answering, replyVia, say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { admitRequest, type RequestPress } from './request-click.ts'

interface Pressed extends RequestPress {
  readonly triggerId: string
}

/** What only the one who pressed is told; null where the message, or a modal, says it. */
type OnPress = (deps: ListenerDeps, press: Pressed) => Promise<string | null>

export function registerRequestButtons(app: App, deps: ListenerDeps): void {
  const onButton = (actionId: string, onPress: OnPress) =>
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      async ({ ack, action, body, client, context, respond }) => {
        await ack()
        const reply = replyVia(respond, threadOf(body.container))
        await answering(deps, { what: actionId, reply }, async () => {
          const said = await onPress(deps, pressOf({ action, body, client, context }))
          if (said !== null) await reply(say(said))
        })
      },
    )
  onButton(ACTIONS.approveRequest, approve)
  onButton(ACTIONS.denyRequest, openDeny)
  onButton(ACTIONS.takeBackRequest, openTakeBack)
}

const threadOf = ({ thread_ts: threadTs }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof threadTs === 'string' ? threadTs : undefined

const pressOf = ({
  action,
  body,
  client,
  context,
}: {
  readonly action: ButtonAction
  readonly body: BlockAction
  readonly client: WebClient
  readonly context: Readonly<Record<string, unknown>>
}): Pressed => ({
  caller: callerOf(context),
  client,
  userId: body.user.id,
  requestId: action.value ?? '',
  triggerId: body.trigger_id,
})

const approve: OnPress = async (deps, press) => {
  const admitted = await admitRequest(deps, press)
  if (admitted.kind === 'turned_away') return admitted.why
  const { by, terms, request } = admitted
  const { orgId } = press.caller
  const decision = { kind: 'approve', by } as const
  const deciding = { orgId, requestId: request.id, decision, origin: 'slack' } as const
  const outcome = await decideOverrideRequest(deps.postgres, deciding, deps.now())
  if (outcome.kind === 'request_unknown') return GONE_WORDS
  // It shows in the thread and on the card; only what changed nothing is answered here.
  if (outcome.kind === 'granted') return null
  if (outcome.kind !== 'refused') return endedWords(outcome.request)
  // Read again: another person may have decided it a moment ago.
  const standing = await findRequest(deps.postgres.tables, orgId, request.id)
  return undecidedWords(outcome.refusal, standing ?? request, terms)
}

/** Whoever asked, and presses Deny, takes back. */
const openDeny: OnPress = async (deps, press) => {
  const admitted = await admitRequest(deps, press)
  if (admitted.kind === 'turned_away') return admitted.why
  const { by, terms, request } = admitted
  // What the reason will be does not matter to whether the modal makes sense.
  const decision = { kind: 'deny', by, reason: 'to be said' } as const
  const outcome = decideRequest(request, decision, terms, deps.now())
  if (outcome.kind === 'already') return endedWords(request)
  if (outcome.kind === 'refused') return undecidedWords(outcome.refusal, request, terms)
  if (outcome.state.kind === 'expired') return endedWords({ ...request, state: outcome.state })
  const view = denyModal(request, by.id === request.requestedBy)
  await press.client.views.open({ trigger_id: press.triggerId, view })
  return null
}

const openTakeBack: OnPress = async (deps, press) => {
  const admitted = await admitRequest(deps, press)
  if (admitted.kind === 'turned_away') return admitted.why
  const { request } = admitted
  const isOthers = request.state.kind === 'pending' && request.requestedBy !== press.userId
  if (isOthers)
    return `Only ${who(request.requestedBy)}, who asked, can take this back. Who may decide presses *Deny*.`
  return await openDeny(deps, press)
}
