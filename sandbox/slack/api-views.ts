/** The `views.*` methods: a trigger opens one view, once, within three seconds. */
import {
  type Answer,
  jsonArg,
  type Method,
  type MethodCall,
  missing,
  refuse,
  refuseArguments,
  textArg,
} from './api-answer.ts'
import type { TriggerUse } from './triggers.ts'
import { isObject, type Json } from './validate-shape.ts'
import {
  createView,
  duplicateExternalId,
  openModal,
  pushModal,
  refuseView,
  replaceView,
  viewOnTheWire,
} from './views.ts'
import { findUser, findView, homeView, type View } from './workspace.ts'

function readView(call: MethodCall, allowed: readonly string[]): { refused: Answer } | { payload: Json } {
  const payload = jsonArg(call.args, 'view')
  if (payload === null || !isObject(payload))
    return { refused: refuseArguments('must provide an object [json-pointer:/view]') }
  const refused = refuseView(call.context, payload, allowed)
  return refused ? { refused } : { payload }
}

/** The trigger is spent even when the view is then refused: so it is with Slack. */
function byTrigger(
  call: MethodCall,
  show: (trigger: Extract<TriggerUse, { kind: 'good' }>, payload: Json) => Answer,
): Answer {
  const { context, workspace, args } = call
  const lacking = missing(args, 'trigger_id', 'view')
  if (lacking) return lacking
  const trigger = context.triggers.use(textArg(args, 'trigger_id') ?? '')
  if (trigger.kind !== 'good') return refuse(trigger.kind)
  if ((trigger.teamId ?? workspace.teamId) !== workspace.teamId) return refuse('invalid_trigger_id')
  const read = readView(call, ['modal'])
  if ('refused' in read) return read.refused
  if (duplicateExternalId(workspace, read.payload, null)) return refuse('duplicate_external_id')
  return show(trigger, read.payload)
}

const shown = (call: MethodCall, view: View): Answer => ({
  ok: true,
  view: viewOnTheWire(call.workspace, view),
})

const open = (call: MethodCall): Answer =>
  byTrigger(call, (trigger, payload) => shown(call, openModal(call.context, trigger, payload)))

const push = (call: MethodCall): Answer =>
  byTrigger(call, (trigger, payload) => {
    if (trigger.viewId === null) return refuse('not_found')
    const pushed = pushModal(call.context, trigger.userId, payload)
    return pushed.kind === 'pushed' ? shown(call, pushed.view) : refuse(pushed.kind)
  })

function update(call: MethodCall): Answer {
  const { context, workspace, args } = call
  const viewId = textArg(args, 'view_id')
  const externalId = textArg(args, 'external_id')
  if ((viewId === null) === (externalId === null))
    return refuseArguments('must provide exactly one of: view_id, external_id')
  const view = viewId
    ? findView(workspace, viewId)
    : workspace.views.find((one) => one.externalId === externalId)
  if (view === undefined) return refuse('not_found')
  const read = readView(call, [view.type])
  if ('refused' in read) return read.refused
  const hash = textArg(args, 'hash')
  if (hash !== null && hash !== view.hash) return refuse('hash_conflict')
  if (duplicateExternalId(workspace, read.payload, view)) return refuse('duplicate_external_id')
  replaceView(context, view, read.payload)
  return shown(call, view)
}

function publish(call: MethodCall): Answer {
  const { context, workspace, args } = call
  const lacking = missing(args, 'user_id', 'view')
  if (lacking) return lacking
  const userId = textArg(args, 'user_id') ?? ''
  if (findUser(workspace, userId) === undefined) return refuse('user_not_found')
  const read = readView(call, ['home'])
  if ('refused' in read) return read.refused
  const existing = homeView(workspace, userId)
  const hash = textArg(args, 'hash')
  if (hash !== null && existing && hash !== existing.hash) return refuse('hash_conflict')
  if (duplicateExternalId(workspace, read.payload, existing ?? null)) return refuse('duplicate_external_id')
  const view = existing ?? createView(context, { userId, payload: read.payload, previous: null })
  workspace.homeViewIds[userId] = view.id
  replaceView(context, view, read.payload)
  return shown(call, view)
}

export const viewMethods: Record<string, Method> = {
  'views.open': { scope: null, run: open },
  'views.push': { scope: null, run: push },
  'views.update': { scope: null, run: update },
  'views.publish': { scope: null, run: publish },
}
