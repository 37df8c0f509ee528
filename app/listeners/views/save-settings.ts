/** "Save" in the settings: admins only, checked again at the moment of saving. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import { type NanoUsd, parseUsd, zeroUsd } from '../../../core/money.ts'
import { readOverridePolicy, saveOverridePolicy } from '../../../db/postgres/overrides.ts'
import { readWindows } from '../../blocks/settings-modal.ts'
import { FIELDS, VIEWS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { readViewer, refusalOf } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { answerSubmission, fieldOf } from './submitted.ts'

export function registerSaveSettings(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.settings, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const caller = callerOf(context)
      const { orgId } = caller
      await answerSubmission(deps, { what: VIEWS.settings, ack, firstField: FIELDS.windows }, async () => {
        const [viewer, present] = await Promise.all([
          readViewer(deps, { client, userId: body.user.id, caller }),
          readOverridePolicy(deps.postgres.tables, orgId),
        ])
        const refusal = refusalOf(viewer, 'configure', present)
        if (refusal) return { kind: 'say', title: 'Override policy', text: refusal }
        const { values } = view.state
        const windowsS = readWindows(fieldOf(values, FIELDS.windows))
        const amountMax = readAmountMax(fieldOf(values, FIELDS.amountMax))
        if (windowsS === null || amountMax === 'unreadable') {
          return { kind: 'errors', errors: fieldErrors({ windowsS, amountMax }) }
        }
        const lifters = fieldOf(values, FIELDS.lifters) === 'members' ? 'members' : 'admins'
        const policy = { lifters, windowsS, amountMax } as const
        await saveOverridePolicy(deps.postgres, { orgId, policy, by: body.user.id }, deps.now())
        return { kind: 'close' }
      })
    },
  )
}

function readAmountMax(text: string): NanoUsd | null | 'unreadable' {
  if (text.trim() === '') return null
  const amount = parseUsd(text)
  return amount === null || amount <= zeroUsd ? 'unreadable' : amount
}

function fieldErrors({
  windowsS,
  amountMax,
}: {
  windowsS: unknown
  amountMax: unknown
}): Record<string, string> {
  return {
    ...(windowsS === null
      ? {
          [FIELDS.windows]:
            'Write times such as 15m, 1h, 1d: a number and s, m, h or d; at most ten, none over 31d.',
        }
      : {}),
    ...(amountMax === 'unreadable'
      ? { [FIELDS.amountMax]: 'Enter an amount above zero in USD, or leave it empty for no bound.' }
      : {}),
  }
}
