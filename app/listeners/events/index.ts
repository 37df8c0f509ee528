/** Every event: each acted on once, however often Slack repeats it. */
import type { App } from '@slack/bolt'
import { endInstallation, lockInstallationAt, type Place } from '../../../db/postgres/installations.ts'
import { isFirstSight } from '../../../db/postgres/slack-events.ts'
import { readChoice } from '../../home/choice.ts'
import { callerOf } from '../../slack/authorize.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import type { ListenerDeps } from '../listener-deps.ts'

/** The events that are listened to; the manifest subscribes to these and no others. */
export const EVENTS = ['app_home_opened', 'app_uninstalled', 'tokens_revoked'] as const
const [HOME_OPENED, UNINSTALLED, REVOKED] = EVENTS

export function registerEvents(app: App, deps: ListenerDeps): void {
  app.event(HOME_OPENED, async ({ event, body, client, context }) => {
    if (event.tab !== 'home') return
    if (!(await isFirstSight(deps.postgres.tables, body.event_id, deps.now()))) return
    try {
      const choice = readChoice(event.view?.private_metadata)
      await deps.home.publish({ client, caller: callerOf(context), userId: event.user, choice })
    } catch (error) {
      const failure = slackFailureOf(error)
      const reason = failure ? describeFailure(failure) : undefined
      deps.log.error({ ...(reason ? { reason } : { err: error }) }, 'App Home was not published')
    }
  })
  app.event(UNINSTALLED, async ({ body }) => {
    await end(deps, body, null)
  })
  app.event(REVOKED, async ({ event, body }) => {
    await end(deps, body, event.tokens.bot ?? [])
  })
}

/** What Slack's envelope says of when and where. */
interface Envelope {
  readonly event_id: string
  readonly event_time: number
  readonly team_id?: string
  readonly enterprise_id?: string
  readonly authorizations?: readonly { readonly is_enterprise_install?: boolean }[]
}

/** More than two clocks differ by, and less than the minute after which Slack repeats an event. */
const CLOCKS_DIFFER_MS = 30_000

/**
 * Bolt leaves the installation in place; its tokens are destroyed here, in the transaction that notes the event. Where users
 * are named whose tokens went, only the bot's own counts: a person's is none of ours.
 */
async function end(deps: ListenerDeps, body: Envelope, botUsers: readonly string[] | null): Promise<void> {
  await deps.postgres.tables.transaction(async (tx) => {
    if (!(await isFirstSight(tx, body.event_id, deps.now()))) return
    const installation = await lockInstallationAt(tx, placeOf(body))
    if (!installation || (botUsers && !botUsers.includes(installation.botUserId))) return
    // Late news of an installation that was made anew since.
    if (body.event_time * 1000 < installation.installedAt.getTime() - CLOCKS_DIFFER_MS) return
    await endInstallation(tx, installation.id, deps.now())
    deps.log.warn({ installationId: installation.id }, 'the app was uninstalled; its tokens are destroyed')
  })
}

/** Exactly the installation that ended: that of a workspace is not that of its enterprise. */
function placeOf({ team_id: teamId, enterprise_id, authorizations }: Envelope): Place {
  const isWhole = authorizations?.[0]?.is_enterprise_install ?? teamId === undefined
  return { teamId: isWhole ? null : (teamId ?? null), enterpriseId: enterprise_id ?? null }
}
