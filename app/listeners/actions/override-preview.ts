/**
 * The override modal follows what is entered: each change comes here, and the preview says up to what and until when.
 * It only shows; who may do what is asked when the form is submitted.
 */
import type { App, BlockAction, PlainTextInputAction, StaticSelectAction } from '@slack/bolt'
import type { Reach } from '../../../core/people/reach.ts'
import { readOverrideTerms } from '../../../db/postgres/overrides.ts'
import { overrideModal } from '../../blocks/override-modal.ts'
import type { OverrideForm } from '../../blocks/override-preview.ts'
import type { ModalView } from '../../blocks/text.ts'
import { FIELD_VALUE, FIELDS, isReferredTo, readCardRef, VIEWS } from '../../ids.ts'
import { seenBudget } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import { slackFailureOf } from '../../slack/slack-failure.ts'
import { viewersLately } from '../../slack/viewers-lately.ts'
import { answering } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { fieldOf } from '../views/submitted.ts'

type Change = PlainTextInputAction | StaticSelectAction
type ShownView = NonNullable<BlockAction['view']>

export function registerOverridePreview(app: App, deps: ListenerDeps): void {
  const newest = openNewest()
  const readLately = viewersLately(deps)
  for (const field of [FIELDS.amount, FIELDS.window]) {
    app.action<BlockAction<Change>>(
      { type: 'block_actions', block_id: field, action_id: FIELD_VALUE },
      async ({ ack, action, body, client, context }) => {
        await ack()
        const { view } = body
        if (!view) return
        const isNewest = newest(view.id, action.action_ts)
        // A modal has nowhere to say that this failed: it stays as it is, and the next change comes again.
        await answering(deps, { what: FIELDS.preview, reply: async () => undefined }, async () => {
          const asker = { client, userId: body.user.id, caller: callerOf(context) }
          const { reach } = await readLately(asker)
          const shown = await follow(deps, reach, { view, userId: body.user.id })
          if (!shown || !isNewest()) return
          const outcome = await tryUpdate(() =>
            client.views.update({ view_id: view.id, hash: view.hash, view: shown }),
          )
          // An answer to an earlier key came between: the view is newer, and what it previews is not.
          if (outcome === 'hash_conflict' && isNewest())
            await tryUpdate(() => client.views.update({ view_id: view.id, view: shown }))
        })
      },
    )
  }
}

/** The same modal with the preview of what stands in it; null where there is nothing to preview any more. */
async function follow(
  { postgres, now }: ListenerDeps,
  reach: Reach,
  { view, userId }: { readonly view: ShownView; readonly userId: string },
): Promise<ModalView | null> {
  const ref = readCardRef(view.private_metadata)
  const form = formOf(view.callback_id)
  if (!ref || !form) return null
  const all = await seenBudget(postgres.tables, reach, { budgetId: ref.budgetId, at: ref.periodFrom })
  const stored = all.find(({ current }) => isReferredTo(current.counter, ref))
  if (!stored) return null
  const terms = await readOverrideTerms(postgres.tables, stored)
  const { values } = view.state
  const entered = {
    amount: fieldOf(values, FIELDS.amount),
    windowS: Number(fieldOf(values, FIELDS.window)),
  }
  return overrideModal(stored, { form, terms, userId, entered }, now())
}

export function formOf(callbackId: string): OverrideForm | null {
  if (callbackId === VIEWS.override) return 'grant'
  return callbackId === VIEWS.askOverride ? 'ask' : null
}

/** A view that is closed by now needs no preview. */
async function tryUpdate(update: () => Promise<unknown>): Promise<'done' | 'hash_conflict'> {
  try {
    await update()
    return 'done'
  } catch (error) {
    const failure = slackFailureOf(error)
    if (failure?.kind === 'refused' && failure.error === 'hash_conflict') return 'hash_conflict'
    if (failure?.kind === 'refused' && failure.error === 'not_found') return 'done'
    throw error
  }
}

const VIEWS_REMEMBERED_MAX = 1_000

/** Tells of each view whether a change is the newest that this process has seen; forgets the oldest views. */
function openNewest(): (viewId: string, actionTs: string) => () => boolean {
  const seen = new Map<string, string>()
  return (viewId, actionTs) => {
    const before = seen.get(viewId) ?? ''
    seen.delete(viewId)
    seen.set(viewId, Number(actionTs) >= Number(before) ? actionTs : before)
    const [oldest] = seen.keys()
    if (seen.size > VIEWS_REMEMBERED_MAX && oldest !== undefined) seen.delete(oldest)
    return () => (seen.get(viewId) ?? actionTs) === actionTs
  }
}
