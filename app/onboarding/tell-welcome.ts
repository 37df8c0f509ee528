/** Brings one installer's direct message up to date: posts it, changes it, or posts it anew when a budget is proposed. */
import type { WebClient } from '@slack/web-api'
import { readInstallation } from '../../db/postgres/installations.ts'
import type { Queryable } from '../../db/postgres/open.ts'
import {
  claimWelcome,
  type DueWelcome,
  giveUpWelcome,
  postponeWelcome,
  saveWelcome,
} from '../../db/postgres/welcome-messages.ts'
import { FRESH_MS, isFresh, type WelcomeFacts } from '../blocks/welcome.ts'
import { passedMessage, welcomeMessage } from '../blocks/welcome-message.ts'
import { describeFailure, isTokenDead, slackFailureOf } from '../slack/slack-failure.ts'
import { openClient } from '../slack/slack-of.ts'
import { readWelcome } from './read-welcome.ts'
import type { OnboardingDeps } from './run-onboarding.ts'

const RETRY_MS = 15_000
/** So that one that cannot be told keeps no other waiting. */
const MISTAKE_MS = 60_000

export async function tellNextWelcome(deps: OnboardingDeps): Promise<boolean> {
  return await deps.postgres.tables.transaction(async (tx) => {
    const due = await claimWelcome(tx, deps.now(), FRESH_MS)
    if (due === null) return false
    await tell(deps, tx, due)
    return true
  })
}

async function tell(deps: OnboardingDeps, tx: Queryable, due: DueWelcome): Promise<void> {
  const { installationId } = due
  const later = (ms: number) => postponeWelcome(tx, installationId, new Date(deps.now().getTime() + ms))
  const installation = await readInstallation(tx, installationId)
  const client = installation ? await openClient(deps, installation) : null
  if (!installation?.installedBy || client === null) return await later(RETRY_MS)
  try {
    const facts = await readWelcome(deps, due.orgId, true)
    const shown = await show(client, { due, facts, userId: installation.installedBy })
    const { firstEvent, at } = facts.onboarding
    // Not while something in it will be said in another way soon.
    const isMoving = firstEvent !== null && isFresh(firstEvent, deps.now())
    const doneAt = at.first_budget === undefined || isMoving ? null : deps.now()
    const isProposed = at.proposed !== undefined
    const proposedAt = due.proposedAt ?? (isProposed ? deps.now() : null)
    await saveWelcome(tx, installationId, { ...shown, shown: due.state, proposedAt, doneAt })
  } catch (error) {
    const failure = slackFailureOf(error)
    if (!failure) {
      deps.log.error({ err: error, installationId }, 'a welcome failed by a mistake of ours')
      return await later(MISTAKE_MS)
    }
    deps.log.warn(
      { installationId, reason: describeFailure(failure) },
      'the installer could not be written to',
    )
    if (failure.kind === 'rate_limited') return await later(Math.max(failure.retryAfterMs, 1_000))
    if (failure.kind === 'unreachable' || isTokenDead(failure)) return await later(RETRY_MS)
    await giveUpWelcome(tx, installationId, deps.now())
  }
}

/** A changed message tells nobody; a proposal is worth being told. */
async function show(
  client: WebClient,
  { due, facts, userId }: { readonly due: DueWelcome; readonly facts: WelcomeFacts; readonly userId: string },
): Promise<{ readonly channelId: string | null; readonly messageTs: string | null }> {
  const { text, blocks } = welcomeMessage(facts)
  const { firstHour, at } = facts.onboarding
  const isNews = firstHour !== null && due.proposedAt === null && at.first_budget === undefined
  const { channelId, messageTs } = due
  if (channelId !== null && messageTs !== null && !isNews) {
    await client.chat.update({ channel: channelId, ts: messageTs, text, blocks })
    return { channelId, messageTs }
  }
  // First the old one: what it promised has come, and its button would stand there twice.
  if (channelId !== null && messageTs !== null)
    await client.chat.update({ channel: channelId, ts: messageTs, ...passedMessage(facts) })
  const posted = await client.chat.postMessage({ channel: userId, text, blocks, unfurl_links: false })
  return { channelId: posted.channel ?? null, messageTs: posted.ts ?? null }
}
