/** "Save" in the digest's settings: the right is checked again at the moment of saving. */
import type { App, ViewSubmitAction } from '@slack/bolt'
import { type DigestRule, nextSlot } from '../../../core/digest/digest-slot.ts'
import { seesAll } from '../../../core/people/reach.ts'
import { parseTimeZone } from '../../../core/period/time-zone.ts'
import { endDigest, setDigest } from '../../../db/postgres/digests.ts'
import { instant } from '../../blocks/text.ts'
import { FIELDS, VIEWS } from '../../ids.ts'
import { callerOf } from '../../slack/authorize.ts'
import { DIGEST_OF_ALL } from '../commands/digest.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { readRights } from './budget-rights.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

const TITLE = 'Digest'

export function registerSaveDigest(app: App, deps: ListenerDeps): void {
  app.view<ViewSubmitAction>(
    { callback_id: VIEWS.digest, type: 'view_submission' },
    async ({ ack, body, view, client, context }) => {
      const caller = callerOf(context)
      const by = body.user.id
      await answerSubmission(deps, { what: VIEWS.digest, ack, firstField: FIELDS.channel }, async () => {
        const { refusal, reach } = await readRights(deps, { client, userId: by, caller })
        if (refusal) return { kind: 'say', title: TITLE, text: refusal }
        if (!seesAll(reach)) return { kind: 'say', title: TITLE, text: DIGEST_OF_ALL }
        const { values } = view.state
        const channelId = fieldOf(values, FIELDS.channel)
        if (channelId === '') return { kind: 'errors', errors: { [FIELDS.channel]: 'Choose a channel.' } }
        const { orgId, installationId } = caller
        const place = { orgId, installationId, channelId }
        const now = deps.now()
        if (fieldOf(values, FIELDS.often) === 'off')
          return ended(channelId, await endDigest(deps.postgres, { place, by }, now))
        const rule = readRule(values)
        if (rule === null)
          return {
            kind: 'errors',
            errors: {
              [FIELDS.timeZone]:
                'There is no such zone. Write it as Europe/Berlin or America/New_York, or UTC.',
            },
          }
        await setDigest(deps.postgres, { place, rule, by }, now)
        const next = instant(nextSlot(rule, now).dueAt)
        const text = `<#${channelId}> gets its next digest ${next}. LensAI must be in the channel: type \`/invite @LensAI\` there if it is not.`
        return { kind: 'say', title: TITLE, text }
      })
    },
  )
}

const ended = (channelId: string, wasOn: boolean): Answer => ({
  ...{ kind: 'say', title: TITLE },
  text: wasOn ? `<#${channelId}> gets no more digests.` : `<#${channelId}> had no digest.`,
})

function readRule(values: ViewSubmitAction['view']['state']['values']): DigestRule | null {
  const timeZone = parseTimeZone(fieldOf(values, FIELDS.timeZone).trim())
  const hour = Number(fieldOf(values, FIELDS.hour))
  if (timeZone === null || !Number.isInteger(hour) || hour < 0 || hour > 23) return null
  const often = fieldOf(values, FIELDS.often)
  const weekday = ([1, 2, 3, 4, 5, 6, 7] as const).find((one) => String(one) === often)
  return { cadence: weekday === undefined ? { kind: 'daily' } : { kind: 'weekly', weekday }, hour, timeZone }
}
