/** Turns "waiting for your first event" into what came, where one person looks at it: a modal, or App Home. */

import {
  claimWatcher,
  dropWatcher,
  markWatcherTold,
  postponeWatcher,
  type Watcher,
} from '../../db/postgres/first-event-watchers.ts'
import { readInstallation } from '../../db/postgres/installations.ts'
import { readOnboarding } from '../../db/postgres/onboarding-steps.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import { FRESH_MS } from '../blocks/welcome.ts'
import { waitingModal } from '../blocks/welcome-modals.ts'
import { DEFAULT_CHOICE } from '../home/choice.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'
import { openClient } from '../slack/slack-of.ts'
import type { OnboardingDeps } from './run-onboarding.ts'

const RETRY_MS = 5_000
/** So that one that cannot be shown keeps no other waiting. */
const MISTAKE_MS = 60_000

export async function tellNextWatcher(deps: OnboardingDeps): Promise<boolean> {
  return await deps.postgres.tables.transaction(async (tx) => {
    const watcher = await claimWatcher(tx, deps.now(), FRESH_MS)
    if (watcher === null) return false
    try {
      const isShown = await show(deps, tx, watcher)
      const { firstEvent } = await readOnboarding(tx, watcher.orgId)
      const isOld = firstEvent !== null && deps.now().getTime() - firstEvent.at.getTime() >= FRESH_MS
      // Once more when it is no longer fresh, so that "3 s ago" does not stand there for ever.
      if (isShown && !isOld) await markWatcherTold(tx, watcher, deps.now())
      else await dropWatcher(tx, watcher)
    } catch (error) {
      const failure = slackFailureOf(error)
      if (!failure) {
        deps.log.error({ err: error }, 'a first event was not shown by a mistake of ours')
        await postponeWatcher(tx, watcher, new Date(deps.now().getTime() + MISTAKE_MS))
        return true
      }
      deps.log.info({ reason: describeFailure(failure) }, 'a first event was not shown')
      // A modal that was closed is refused: then nobody looks at it.
      if (failure.kind === 'refused') await dropWatcher(tx, watcher)
      else
        await postponeWatcher(
          tx,
          watcher,
          new Date(
            deps.now().getTime() + (failure.kind === 'rate_limited' ? failure.retryAfterMs : RETRY_MS),
          ),
        )
    }
    return true
  })
}

/** False when there is nowhere to show it any more. */
async function show(deps: OnboardingDeps, tx: Queryable, watcher: Watcher): Promise<boolean> {
  const installation = await readInstallation(tx, watcher.installationId)
  const client = installation ? await openClient(deps, installation) : null
  if (!installation || client === null) return false
  if (watcher.viewId === '') {
    const { id: installationId, orgId, teamId, enterpriseId } = installation
    await deps.showHome({
      client,
      caller: { orgId, installationId, teamId, enterpriseId },
      userId: watcher.userId,
      choice: DEFAULT_CHOICE,
    })
    return true
  }
  const { firstEvent } = await readOnboarding(tx, watcher.orgId)
  const view = waitingModal(firstEvent, deps.now())
  await client.views.update({ view_id: watcher.viewId, view })
  return true
}
