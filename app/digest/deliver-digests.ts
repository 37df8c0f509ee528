/**
 * Posts digests as they come due. Called by the one loop that speaks in channels.
 * Invariant: a slot is leased before it is posted and no transaction is open while Slack is spoken to; what Slack answered
 * decides what becomes of the slot.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import { dueSlot, isTooLate } from '../../core/digest/digest-slot.ts'
import { wholeReach } from '../../core/people/reach.ts'
import {
  addSlots,
  type LeasedPost,
  leaseNext,
  markPosted,
  markRetried,
  markSkipped,
} from '../../db/postgres/digest-posts.ts'
import { hasEverSpent, listDigests, saveWarned } from '../../db/postgres/digests.ts'
import { readInstallation } from '../../db/postgres/installations.ts'
import { digestMessage } from '../blocks/digest.ts'
import type { ChannelPacer } from '../cards/channel-pacer.ts'
import type { AppDeps } from '../deps.ts'
import {
  describeFailure,
  isTokenDead,
  needsPerson,
  type SlackFailure,
  slackFailureOf,
} from '../slack/slack-failure.ts'
import { openClient, type SlackOf } from '../slack/slack-of.ts'
import { digestPicture } from './digest-chart.ts'
import { readDigestFacts } from './read-digest.ts'
import { warnSetter } from './warn-setter.ts'

export interface DigestDeps
  extends Pick<AppDeps, 'postgres' | 'clickhouse' | 'log' | 'now' | 'keyring' | 'publicAppUrl'> {
  readonly slackOf: SlackOf
  readonly pacer: ChannelPacer
}

const LOOK_EVERY_MS = 5_000
const RETRY_MS = 1_000
const RETRY_MAX_MS = 60_000
/** A process may die so often between Slack's answer and our note of it; then the slot is left alone. */
const UNANSWERED_MAX = 3

/** Returns the verb that adds the slots that came due, and delivers one. 'none' when none is due. */
export function openDigests(deps: DigestDeps): () => Promise<'told' | 'none'> {
  let lookedAtMs = Number.NEGATIVE_INFINITY
  return async () => {
    const now = deps.now()
    if (now.getTime() - lookedAtMs >= LOOK_EVERY_MS) {
      await addDue(deps, now)
      lookedAtMs = now.getTime()
    }
    return await deliverNextDigest(deps)
  }
}

export async function deliverNextDigest(deps: DigestDeps): Promise<'told' | 'none'> {
  const post = await leaseNext(deps.postgres, deps.now())
  if (post === null) return 'none'
  await deliver(deps, post)
  return 'told'
}

async function addDue({ postgres }: DigestDeps, now: Date): Promise<void> {
  const digests = await listDigests(postgres.tables, null)
  const due = digests.flatMap((digest) => {
    const slot = dueSlot(digest.rule, { setAt: digest.setAt, now })
    return slot === null ? [] : [{ digest, slot }]
  })
  await addSlots(postgres.tables, due)
}

type Outcome =
  | { readonly kind: 'posted'; readonly ts: string }
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'later'; readonly why: string; readonly waitMs: number }

async function deliver(deps: DigestDeps, post: LeasedPost): Promise<void> {
  const { tables } = deps.postgres
  const outcome = await tryOnce(deps, post).catch((error: unknown): Outcome => {
    deps.log.error(
      { err: error, digestId: post.digest.id },
      'a digest could not be told by a mistake of ours',
    )
    return { kind: 'later', why: String(error), waitMs: RETRY_MAX_MS }
  })
  const about = { digestId: post.digest.id, day: post.slot.day }
  if (outcome.kind === 'posted') {
    await markPosted(tables, post, outcome.ts)
    if (post.digest.warnedOf !== null) await saveWarned(tables, post.digest.id, null)
  } else if (outcome.kind === 'skipped') {
    deps.log.info({ ...about, why: outcome.why }, 'a digest is left out')
    await markSkipped(tables, post, outcome.why)
  } else {
    const { why, waitMs } = outcome
    deps.log.warn({ ...about, why, waitMs }, 'a digest is told later')
    await markRetried(tables, post, { why, retryAt: new Date(deps.now().getTime() + waitMs) })
  }
}

async function tryOnce(deps: DigestDeps, post: LeasedPost): Promise<Outcome> {
  const { digest, slot, unanswered } = post
  const { tables } = deps.postgres
  if (isTooLate(slot.dueAt, deps.now())) return { kind: 'skipped', why: 'too late' }
  if (unanswered > UNANSWERED_MAX) return { kind: 'skipped', why: 'nobody knows whether it was posted' }
  if (!(await hasEverSpent(tables, digest.orgId))) return { kind: 'skipped', why: 'no call was ever sent' }
  const installation = await readInstallation(tables, digest.installationId)
  if (!installation) return { kind: 'later', why: 'uninstalled', waitMs: RETRY_MAX_MS }
  const slack = await openClient(deps, installation)
  if (slack === null) return { kind: 'later', why: 'the token is unreadable', waitMs: RETRY_MAX_MS }
  // Only who sees every project may set one, so the channel is told of them all.
  const asked = { reach: wholeReach(digest.orgId), rule: digest.rule, slotDay: slot.day }
  const facts = await readDigestFacts(deps, asked, deps.now())
  const message = digestMessage(facts, await digestPicture(deps, asked))
  await sleep(deps.pacer.turn(digest.channelId))
  try {
    const posted = await slack.chat.postMessage({
      channel: digest.channelId,
      ...message,
      unfurl_links: false,
    })
    return { kind: 'posted', ts: posted.ts ?? '' }
  } catch (error) {
    const failure = slackFailureOf(error)
    if (failure === null) throw error
    await warnOnce(deps, slack, post, failure)
    return { kind: 'later', why: describeFailure(failure), waitMs: waitOf(failure, post.attempts) }
  }
}

/** Once for each reason, until a digest arrives again. */
async function warnOnce(
  deps: DigestDeps,
  slack: WebClient,
  { digest }: LeasedPost,
  failure: SlackFailure,
): Promise<void> {
  if (failure.kind !== 'refused' || !needsPerson(failure) || isTokenDead(failure)) return
  if (digest.warnedOf === failure.error) return
  await saveWarned(deps.postgres.tables, digest.id, failure.error)
  await warnSetter(deps, slack, digest, failure.error)
}

function waitOf(failure: SlackFailure, attempts: number): number {
  if (failure.kind === 'rate_limited') return Math.max(failure.retryAfterMs, RETRY_MS)
  if (needsPerson(failure)) return RETRY_MAX_MS
  return Math.min(RETRY_MS * 2 ** Math.min(attempts, 10), RETRY_MAX_MS)
}
