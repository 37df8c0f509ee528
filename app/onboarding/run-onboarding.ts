/**
 * The loop that accompanies a beginning: welcomes installers, turns "waiting" into the first event, proposes a budget.
 * Woken by Postgres and by the clock, so that a lost wake-up delays and loses nothing; what is due is asked of Postgres
 * each time, so that a restart loses nothing either.
 */
import { openAlarm } from '../../core/alarm.ts'
import { runLookLoop } from '../../core/look-loop.ts'
import { dropOldWatchers } from '../../db/postgres/first-event-watchers.ts'
import { OUTBOX_CHANNEL } from '../../db/postgres/signals.ts'
import { oweWelcomes } from '../../db/postgres/welcome-messages.ts'
import type { AppDeps } from '../deps.ts'
import type { HomeViewer } from '../home/publish-home.ts'
import type { SlackOf } from '../slack/slack-of.ts'
import { proposeBudgets } from './propose-budgets.ts'
import { tellNextWatcher } from './tell-watcher.ts'
import { tellNextWelcome } from './tell-welcome.ts'

export interface OnboardingDeps extends AppDeps {
  readonly slackOf: SlackOf
  readonly showHome: (viewer: HomeViewer) => Promise<void>
  /** Asks for a fresh Home of those who looked lately. */
  readonly refreshHome: (orgId: string) => void
}

const LOOK_EVERY_MS = 2_000
const AFTER_ERROR_MS = 5_000

export interface OnboardingLoop {
  stop(): Promise<void>
}

export async function runOnboarding(deps: OnboardingDeps): Promise<OnboardingLoop> {
  const alarm = openAlarm()
  const unlisten = await deps.postgres.listen(OUTBOX_CHANNEL, alarm.ring, alarm.ring)

  const look = async (isRunning: () => boolean): Promise<void> => {
    const { tables } = deps.postgres
    await oweWelcomes(tables, deps.now())
    while (isRunning() && (await tellNextWatcher(deps))) {
      // Each turn shows one person; what failed is due later, so this ends.
    }
    while (isRunning() && (await tellNextWelcome(deps))) {
      // Likewise.
    }
    if (!isRunning()) return
    for (const orgId of await proposeBudgets(deps)) deps.refreshHome(orgId)
    await dropOldWatchers(tables, deps.now())
  }

  const loop = runLookLoop({
    ...{ alarm, look, everyMs: LOOK_EVERY_MS, afterErrorMs: AFTER_ERROR_MS },
    stumbled: (error) => deps.log.error({ err: error }, 'onboarding stumbled and goes on'),
  })

  return {
    stop: async () => {
      await loop.stop()
      await unlisten().catch(() => undefined)
    },
  }
}
