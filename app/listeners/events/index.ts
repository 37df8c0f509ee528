/** Every event: each acted on once, however often Slack repeats it. */
import type { App } from '@slack/bolt'
import { endInstallation, findInstallation } from '../../../db/postgres/installations.ts'
import { isFirstSight } from '../../../db/postgres/slack-events.ts'
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
      await deps.home.publish({ client, caller: callerOf(context), userId: event.user })
    } catch (error) {
      const failure = slackFailureOf(error)
      const reason = failure ? describeFailure(failure) : undefined
      deps.log.error({ ...(reason ? { reason } : { err: error }) }, 'App Home was not published')
    }
  })
  app.event(UNINSTALLED, async ({ body }) => {
    await end(deps, {
      eventId: body.event_id,
      teamId: body.team_id,
      enterpriseId: body.enterprise_id,
      botUsers: null,
    })
  })
  app.event(REVOKED, async ({ event, body }) => {
    const botUsers = event.tokens.bot ?? []
    await end(deps, {
      eventId: body.event_id,
      teamId: body.team_id,
      enterpriseId: body.enterprise_id,
      botUsers,
    })
  })
}

interface Ending {
  readonly eventId: string
  readonly teamId: string | undefined
  readonly enterpriseId: string | undefined
  /** Whose tokens were revoked; null when the whole app went. */
  readonly botUsers: readonly string[] | null
}

/** Bolt leaves the installation in place; its token is destroyed here, in the transaction that notes the event. */
async function end(deps: ListenerDeps, { eventId, teamId, enterpriseId, botUsers }: Ending): Promise<void> {
  await deps.postgres.tables.transaction(async (tx) => {
    if (!(await isFirstSight(tx, eventId, deps.now()))) return
    const installation = await findInstallation(tx, { teamId, enterpriseId })
    if (!installation || (botUsers && !botUsers.includes(installation.botUserId))) return
    await endInstallation(tx, installation.id, deps.now())
    deps.log.warn({ installationId: installation.id }, 'the app was uninstalled; its token is destroyed')
  })
}
