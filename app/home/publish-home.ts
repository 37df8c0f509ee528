/**
 * Publishes App Home when a person opens it, and again for those who opened it lately when a budget has news.
 * Who looked lately is kept in memory only: after a restart, Home is fresh at the next opening.
 */
import type { WebClient } from '@slack/web-api'
import { readInstallation } from '../../db/postgres/installations.ts'
import { readOverridePolicy } from '../../db/postgres/overrides.ts'
import { closedHomeBlocks, homeBlocks } from '../blocks/home.ts'
import { partialBlocks } from '../blocks/partial.ts'
import { type Block, divider } from '../blocks/text.ts'
import type { AppDeps } from '../deps.ts'
import { readHomePart } from '../onboarding/home-part.ts'
import type { Caller } from '../slack/authorize.ts'
import { readViewer, refusalOf, type Viewer } from '../slack/people.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'
import type { SlackOf } from '../slack/slack-of.ts'
import { type HomeChoice, writeChoice } from './choice.ts'
import { readHome } from './read-home.ts'

export interface HomeViewer {
  readonly client: WebClient
  readonly caller: Caller
  readonly userId: string
  readonly choice: HomeChoice
}

export interface HomePublisher {
  publish(viewer: HomeViewer): Promise<void>
  /** Asks for a fresh Home of everyone of that organisation who looked lately; does not wait for it. */
  refresh(orgId: string): void
  stop(): void
}

const LATELY_MS = 10 * 60_000
const DEBOUNCE_MS = 2_000
const AGAIN_MS = 5_000
const VIEWERS_MAX = 100

export function openHomePublisher(deps: AppDeps, slackOf: SlackOf): HomePublisher {
  const viewers = new Map<string, HomeViewer & { readonly seenAtMs: number }>()
  const timers = new Map<string, NodeJS.Timeout>()

  const refreshIn = (orgId: string, ms: number) => {
    if (timers.has(orgId)) return
    const timer = setTimeout(() => {
      timers.delete(orgId)
      refreshNow(orgId).catch((error: unknown) => deps.log.warn({ err: error }, 'App Home was not refreshed'))
    }, ms)
    timers.set(orgId, timer)
  }

  /** What Slack does not take now comes as soon as it may, while the person may still be looking. */
  const showOrLater = async ({ caller, userId }: HomeViewer, act: () => Promise<void>) => {
    try {
      await act()
      return 'shown'
    } catch (error) {
      const failure = slackFailureOf(error)
      if (failure === null || failure.kind === 'refused') throw error
      deps.log.warn({ userId, reason: describeFailure(failure) }, 'App Home is published later')
      refreshIn(caller.orgId, failure.kind === 'rate_limited' ? failure.retryAfterMs : AGAIN_MS)
      return 'later'
    }
  }

  /** With the token of now: the one that came with the opening may have been renewed, or the app uninstalled. */
  const showAgain = async (viewer: HomeViewer) => {
    const installation = await readInstallation(deps.postgres.tables, viewer.caller.installationId)
    if (installation) await show(deps, { ...viewer, client: await slackOf(installation) })
  }

  const refreshNow = async (orgId: string) => {
    const recentMs = deps.now().getTime() - LATELY_MS
    for (const [key, viewer] of viewers) if (viewer.seenAtMs < recentMs) viewers.delete(key)
    for (const viewer of [...viewers.values()].filter(({ caller }) => caller.orgId === orgId)) {
      const outcome = await showOrLater(viewer, () => showAgain(viewer)).catch((error: unknown) => {
        deps.log.warn({ err: error, userId: viewer.userId }, 'App Home was not refreshed')
      })
      // Slack would take the others no sooner.
      if (outcome === 'later') return
    }
  }

  return {
    async publish(viewer) {
      const key = `${viewer.caller.installationId}/${viewer.userId}`
      viewers.delete(key)
      viewers.set(key, { ...viewer, seenAtMs: deps.now().getTime() })
      for (const oldest of viewers.keys()) {
        if (viewers.size <= VIEWERS_MAX) break
        viewers.delete(oldest)
      }
      await showOrLater(viewer, () => show(deps, viewer))
    },
    refresh: (orgId) => refreshIn(orgId, DEBOUNCE_MS),
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

async function show(deps: AppDeps, { client, caller, userId, choice }: HomeViewer): Promise<void> {
  const [person, policy] = await Promise.all([
    readViewer(deps, { client, userId, caller }),
    readOverridePolicy(deps.postgres.tables, caller.orgId),
  ])
  const refusal = refusalOf(person, 'look', policy)
  const blocks = refusal ? closedHomeBlocks(refusal) : await openBlocks(deps, { person, caller, choice })
  const view = { type: 'home' as const, blocks, private_metadata: writeChoice(choice) }
  await client.views.publish({ user_id: userId, view })
}

/** Before the first call there are no figures, but there may be budgets and stops. */
async function openBlocks(
  deps: AppDeps,
  {
    person,
    caller,
    choice,
  }: { readonly person: Viewer; readonly caller: Caller; readonly choice: HomeChoice },
): Promise<Block[]> {
  const [part, facts] = await Promise.all([
    readHomePart(deps, person, caller),
    readHome(deps, person, choice),
  ])
  if (part.instead === null)
    return [...partialBlocks(person.reach), ...part.above, ...homeBlocks(facts), ...part.below]
  const isBare = facts.budgets.length === 0 && facts.stops.length === 0
  return isBare ? [...part.instead] : [...part.instead, divider(), ...homeBlocks(facts)]
}
