/** `/lens digest` opens its settings; `/lens digest now` shows the person alone what a digest says. */

import { Temporal } from 'temporal-polyfill'
import type { DigestRule } from '../../../core/digest/digest-slot.ts'
import { seesAll } from '../../../core/people/reach.ts'
import { hasEverSpent, listDigests } from '../../../db/postgres/digests.ts'
import { digestMessage } from '../../blocks/digest.ts'
import { digestModal } from '../../blocks/digest-modal.ts'
import { withPartial } from '../../blocks/partial.ts'
import { readDigestFacts } from '../../digest/read-digest.ts'
import { COMMAND } from '../../ids.ts'
import { say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { type Asked, mayAct } from './lens.ts'

/** Of the digest that is shown where none is set. */
const HOUR = 9

export const DIGEST_OF_ALL =
  'A digest tells of every project, and you see only some. Ask somebody who sees all of them, or type `/lens digest now` for one of your own.'

/** To look is any member's right; to have a channel told is that of setting a budget. */
export async function answerDigest(deps: ListenerDeps, asked: Asked, rest: string): Promise<void> {
  const { caller, client, triggerId, reply } = asked
  const isNow = /^(now|preview|test)$/i.test(rest)
  if (!isNow && rest !== '')
    return await reply(say(`Type \`${COMMAND} digest\` to set it, or \`${COMMAND} digest now\` to see one.`))
  const viewer = await mayAct(deps, asked, isNow ? 'look' : 'set_budget')
  if (!viewer) return
  const { reach, timeZone } = viewer
  if (!isNow && !seesAll(reach)) return await reply(say(DIGEST_OF_ALL))
  const digests = await listDigests(deps.postgres.tables, caller.orgId)
  if (!isNow) {
    const own = digests.filter(({ installationId }) => installationId === caller.installationId)
    await client.views.open({ trigger_id: triggerId, view: digestModal(own, timeZone) })
    return
  }
  if (!(await hasEverSpent(deps.postgres.tables, caller.orgId)))
    return await reply(
      say('No call was ever sent, so there is nothing to tell. No digest is posted until the first.'),
    )
  const rule: DigestRule = digests[0]?.rule ?? { cadence: { kind: 'daily' }, hour: HOUR, timeZone }
  const now = deps.now()
  const slotDay = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(rule.timeZone)
    .toPlainDate()
    .toString()
  const facts = await readDigestFacts(deps, { reach, rule, slotDay }, now)
  await reply(withPartial(digestMessage(facts), reach))
}
