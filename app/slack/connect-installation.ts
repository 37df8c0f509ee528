/**
 * Makes the installation of the token that the environment gives (the form for one workspace, whose organisation is the only one): asks Slack whose it is, and saves it sealed.
 * Slack that does not answer is asked again, for as long as it takes; the app serves what it knows meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { saveInstallation } from '../../db/postgres/installations.ts'
import { ensureOrganisation } from '../../db/postgres/projects.ts'
import type { AppDeps } from '../deps.ts'
import { sealTokens } from './installation-token.ts'
import { describeFailure, isTokenDead, slackFailureOf } from './slack-failure.ts'
import { openSlack } from './web-client.ts'

const RETRY_MS = 500
const RETRY_MAX_MS = 30_000
const WORTH_A_WARNING_MS = 4_000

export async function connectInstallation(deps: AppDeps, token: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const waitMs = await tryOnce(deps, token, Math.min(RETRY_MS * 2 ** Math.min(attempt, 10), RETRY_MAX_MS))
    if (waitMs === null) return
    // The signal ends the sleep by an error; the loop looks at the signal itself.
    await sleep(waitMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Null when it is done; otherwise how long to wait. */
async function tryOnce(deps: AppDeps, token: string, waitMs: number): Promise<number | null> {
  try {
    const asked = await openSlack(token, deps).auth.test()
    const enterpriseId = asked.enterprise_id ?? null
    const place = { teamId: asked.is_enterprise_install ? null : (asked.team_id ?? null), enterpriseId }
    const organisation = await ensureOrganisation(
      deps.postgres.tables,
      asked.team ?? 'My organisation',
      deps.now(),
    )
    const saved = await saveInstallation(
      deps.postgres.tables,
      {
        ...place,
        orgId: organisation.id,
        teamName: asked.team ?? '',
        botId: asked.bot_id ?? '',
        botUserId: asked.user_id ?? '',
        installedBy: null,
        ...sealTokens({ token, rotation: null }, place, deps.keyring),
      },
      deps.now(),
    )
    deps.log.info({ installationId: saved.id, team: saved.teamName }, 'connected to Slack')
    return null
  } catch (error) {
    const failure = slackFailureOf(error)
    if (!failure) {
      deps.log.error({ err: error, waitMs }, 'the Slack installation was not saved; trying again')
      return waitMs
    }
    const reason = describeFailure(failure)
    if (isTokenDead(failure)) {
      deps.log.error(
        { reason },
        'Slack does not take SLACK_BOT_TOKEN: copy the bot token of the installed app again',
      )
      return RETRY_MAX_MS
    }
    // At a common start the other end may be seconds later; only what lasts is worth a person's eye.
    const level = waitMs < WORTH_A_WARNING_MS ? 'info' : 'warn'
    deps.log[level]({ reason, waitMs }, 'Slack is not reached; trying again')
    return failure.kind === 'rate_limited' ? failure.retryAfterMs : waitMs
  }
}
