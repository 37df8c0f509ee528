/**
 * Views as Slack keeps them: stored, shown on a person's stack, updated, and as they look on the wire.
 * Invariant: what a person has entered survives an update of the same block and element.
 */
import { type Answer, refuse, refuseArguments } from './api-answer.ts'
import { inspectPayload } from './inspect-payload.ts'
import { withIds } from './messages.ts'
import type { SandboxContext } from './sandbox-context.ts'
import { breaks, describeFault } from './validate-payload.ts'
import { isObject } from './validate-shape.ts'
import { initialValues } from './view-values.ts'
import { findView, type Json, modalsMax, setModalStack, type View, type Workspace } from './workspace.ts'

/** Null when the view can be shown. */
export function refuseView(
  context: SandboxContext,
  view: unknown,
  allowed: readonly string[],
): Answer | null {
  const faults = inspectPayload(context, { kind: 'view', view, allowed })
  if (faults.length === 0) return null
  if (breaks(faults, 'view.bytes')) return refuse('view_too_large')
  return refuseArguments(...faults.map(describeFault))
}

export function duplicateExternalId(workspace: Workspace, payload: Json, except: View | null): boolean {
  const { external_id: externalId } = payload
  if (typeof externalId !== 'string' || externalId === '') return false
  return workspace.views.some((view) => view.externalId === externalId && view !== except)
}

export function createView(
  context: SandboxContext,
  origin: { userId: string; payload: Json; previous: View | null; here?: string | null },
): View {
  const { userId, payload, previous, here = null } = origin
  const id = context.id('V')
  const view: View = {
    id,
    type: payload.type === 'home' ? 'home' : 'modal',
    userId,
    payload: {},
    hash: '',
    rootViewId: previous?.rootViewId ?? id,
    previousViewId: previous?.id ?? null,
    externalId: '',
    values: {},
    errors: {},
  }
  fillView(context, view, payload, here)
  context.workspace().views.push(view)
  return view
}

function fillView(context: SandboxContext, view: View, payload: Json, here: string | null = null): void {
  const blocks = Array.isArray(payload.blocks) ? payload.blocks.filter(isObject) : []
  view.payload = { ...payload, blocks: withIds(blocks, context) }
  view.externalId = typeof payload.external_id === 'string' ? payload.external_id : ''
  view.hash = `${context.nextTs()}.${context.secret().slice(0, 8)}`
  view.errors = {}
  view.values = keepEntered(initialValues(view.payload, here), view.values)
}

function keepEntered(fresh: View['values'], entered: View['values']): View['values'] {
  return Object.fromEntries(
    Object.entries(fresh).map(([blockId, elements]) => [
      blockId,
      Object.fromEntries(
        Object.entries(elements).map(([actionId, value]) => {
          const before = entered[blockId]?.[actionId]
          return [actionId, before && before.type === value.type ? before : value]
        }),
      ),
    ]),
  )
}

export function openModal(
  context: SandboxContext,
  origin: { userId: string; channelId: string | null },
  payload: Json,
): View {
  const { userId, channelId } = origin
  const workspace = context.workspace()
  setModalStack(workspace, userId, [])
  const view = createView(context, { userId, payload, previous: null, here: channelId })
  setModalStack(workspace, userId, [view.id])
  context.changed({ kind: 'modal', userId })
  return view
}

export type Pushed = { kind: 'pushed'; view: View } | { kind: 'push_limit_reached' }

export function pushModal(context: SandboxContext, userId: string, payload: Json): Pushed {
  const workspace = context.workspace()
  const stack = workspace.modalStacks[userId] ?? []
  if (stack.length >= modalsMax) return { kind: 'push_limit_reached' }
  const top = stack.at(-1)
  const previous = top === undefined ? null : (findView(workspace, top) ?? null)
  const view = createView(context, { userId, payload, previous })
  setModalStack(workspace, userId, [...stack, view.id])
  context.changed({ kind: 'modal', userId })
  return { kind: 'pushed', view }
}

export function replaceView(context: SandboxContext, view: View, payload: Json): void {
  fillView(context, view, payload)
  context.changed({ kind: view.type, userId: view.userId })
}

export function dropModal(context: SandboxContext, view: View): void {
  const workspace = context.workspace()
  const stack = workspace.modalStacks[view.userId] ?? []
  setModalStack(
    workspace,
    view.userId,
    stack.filter((id) => id !== view.id),
  )
  context.changed({ kind: 'modal', userId: view.userId })
}

export function viewOnTheWire(workspace: Workspace, view: View): Json {
  const { payload } = view
  return {
    id: view.id,
    team_id: workspace.teamId,
    type: view.type,
    blocks: payload.blocks ?? [],
    private_metadata: payload.private_metadata ?? '',
    callback_id: payload.callback_id ?? '',
    state: { values: view.values },
    hash: view.hash,
    title: payload.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: payload.clear_on_close ?? false,
    notify_on_close: payload.notify_on_close ?? false,
    close: payload.close ?? null,
    submit: payload.submit ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: workspace.appId,
    external_id: view.externalId,
    app_installed_team_id: workspace.teamId,
    bot_id: workspace.botId,
  }
}
