/**
 * Submitting and closing modals, and what the app may answer: errors, update, push, clear, or nothing.
 * Invariant: a view that the app did not acknowledge stays open, with what was entered.
 */
import type { DeliverDeps, Delivery } from './deliver.ts'
import { deliverInteraction, userNamed } from './interactions.ts'
import { interactionHead } from './payloads.ts'
import { issueResponseUrl } from './response-urls.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import { isObject } from './validate-shape.ts'
import { elementsOf, enterValues, refusedEntries } from './view-values.ts'
import { dropModal, pushModal, refuseView, replaceView, viewOnTheWire } from './views.ts'
import { findView, type Json, setModalStack, topModal, type View } from './workspace.ts'

export interface SubmitRequest {
  userId: string
  viewId: string
  values: Json
}

export type SubmitOutcome = 'incomplete' | 'closed' | 'errors' | 'updated' | 'pushed' | 'cleared' | 'failed'

export interface SubmitResult {
  outcome: SubmitOutcome
  /** By block id: what Slack or the app objected to. */
  errors: Record<string, string>
  delivery: Delivery | null
}

/** What Slack's client shows when an app does not answer a submission as it should. */
const connectionTrouble = 'We had some trouble connecting. Try again?'

function openModalOf(deps: DeliverDeps, request: { userId: string; viewId: string }): View {
  const user = userNamed(deps, request.userId)
  const workspace = deps.context.workspace()
  const view = findView(workspace, request.viewId)
  if (view === undefined || topModal(workspace, user.id) !== view)
    throw new SandboxRefusal('view_not_found', `${user.name} has no open modal ${request.viewId}`)
  return view
}

export async function submitView(deps: DeliverDeps, request: SubmitRequest): Promise<SubmitResult> {
  const { context } = deps
  const workspace = context.workspace()
  const view = openModalOf(deps, request)
  if (view.payload.submit === undefined && !hasInputs(view))
    throw new SandboxRefusal('view_not_submittable', `the modal ${view.id} has no submit button`)
  view.values = enterValues(view.payload, view.values, request.values)
  const refused = refusedEntries(view.payload, view.values)
  if (Object.keys(refused).length > 0)
    return show(deps, view, { outcome: 'incomplete', errors: refused, delivery: null })
  view.errors = {}
  const user = userNamed(deps, request.userId)
  const delivery = await deliverInteraction(
    deps,
    `view_submission:${String(view.payload.callback_id ?? '')}`,
    {
      ...interactionHead(workspace, user, 'view_submission'),
      trigger_id: context.triggers.issue({
        teamId: workspace.teamId,
        userId: user.id,
        viewId: view.id,
        channelId: null,
      }),
      view: viewOnTheWire(workspace, view),
      response_urls: responseUrlsOf(deps, view),
    },
  )
  if (delivery.outcome !== 'acknowledged') return fail(deps, view, delivery)
  return obey(deps, view, delivery)
}

/** A conversation that was picked in an element with `response_url_enabled` can be answered without membership. */
function responseUrlsOf(deps: DeliverDeps, view: View): Json[] {
  return elementsOf(view.payload.blocks)
    .filter((one) => one.element.response_url_enabled === true)
    .flatMap(({ blockId, actionId }) => {
      const value = view.values[blockId]?.[actionId]
      const channelId = value?.selected_conversation ?? value?.selected_channel
      if (typeof channelId !== 'string') return []
      const origin = { channelId, userId: view.userId, messageTs: null, threadTs: null }
      const url = issueResponseUrl(deps.context, origin)
      return [{ block_id: blockId, action_id: actionId, channel_id: channelId, response_url: url }]
    })
}

const hasInputs = (view: View): boolean =>
  Array.isArray(view.payload.blocks) &&
  view.payload.blocks.some((block) => isObject(block) && block.type === 'input')

function show(deps: DeliverDeps, view: View, result: SubmitResult): SubmitResult {
  view.errors = result.errors
  deps.context.changed({ kind: 'modal', userId: view.userId })
  return result
}

function fail(deps: DeliverDeps, view: View, delivery: Delivery): SubmitResult {
  return show(deps, view, { outcome: 'failed', errors: { '': connectionTrouble }, delivery })
}

function obey(deps: DeliverDeps, view: View, delivery: Delivery): SubmitResult {
  const { context } = deps
  const answer = isObject(delivery.body) ? delivery.body : {}
  const done = (outcome: SubmitOutcome): SubmitResult => ({ outcome, errors: {}, delivery })
  switch (answer.response_action) {
    case undefined:
      dropModal(context, view)
      return done('closed')
    case 'clear':
      setModalStack(context.workspace(), view.userId, [])
      context.changed({ kind: 'modal', userId: view.userId })
      return done('cleared')
    case 'errors':
      return obeyErrors(deps, view, delivery, answer.errors)
    case 'update':
    case 'push':
      return obeyView(deps, view, delivery, answer)
    default:
      return fail(deps, view, delivery)
  }
}

/** Slack shows errors only beside inputs of that view. */
function obeyErrors(deps: DeliverDeps, view: View, delivery: Delivery, errors: unknown): SubmitResult {
  const inputs = new Set(
    elementsOf(view.payload.blocks)
      .filter((one) => one.block.type === 'input')
      .map((one) => one.blockId),
  )
  const entries = isObject(errors) ? Object.entries(errors) : []
  const good =
    entries.length > 0 &&
    entries.every(([id, text]) => inputs.has(id) && typeof text === 'string' && text !== '')
  if (!good) return fail(deps, view, delivery)
  const shown = Object.fromEntries(entries.map(([id, text]) => [id, String(text)]))
  return show(deps, view, { outcome: 'errors', errors: shown, delivery })
}

function obeyView(deps: DeliverDeps, view: View, delivery: Delivery, answer: Json): SubmitResult {
  const { context } = deps
  const refused = refuseView(context, answer.view, ['modal'])
  if (refused !== null || !isObject(answer.view)) {
    context.log.warn(
      { view_id: view.id, ...refused },
      'the app answered a submission with a view Slack refuses',
    )
    return fail(deps, view, delivery)
  }
  if (answer.response_action === 'update') {
    replaceView(context, view, answer.view)
    return { outcome: 'updated', errors: {}, delivery }
  }
  const pushed = pushModal(context, view.userId, answer.view)
  return pushed.kind === 'pushed' ? { outcome: 'pushed', errors: {}, delivery } : fail(deps, view, delivery)
}

export async function closeView(
  deps: DeliverDeps,
  request: { userId: string; viewId: string },
): Promise<Delivery | null> {
  const { context } = deps
  const workspace = context.workspace()
  const view = openModalOf(deps, request)
  const closed = viewOnTheWire(workspace, view)
  dropModal(context, view)
  if (view.payload.clear_on_close === true) {
    setModalStack(workspace, view.userId, [])
    context.changed({ kind: 'modal', userId: view.userId })
  }
  if (view.payload.notify_on_close !== true) return null
  return await deliverInteraction(deps, `view_closed:${String(view.payload.callback_id ?? '')}`, {
    ...interactionHead(workspace, userNamed(deps, request.userId), 'view_closed'),
    view: closed,
    is_cleared: view.payload.clear_on_close === true,
  })
}
