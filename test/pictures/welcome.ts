/** Pictures of the beginning, step by step: from made-up facts through the blocks of the app, as a browser shows them. */
import type { Browser } from 'playwright-core'
import { aHome } from '../../app/blocks/a-home.ts'
import { homeBlocks } from '../../app/blocks/home.ts'
import type { Block } from '../../app/blocks/text.ts'
import { firstCallBlocks, keyButtons, type WelcomeFacts, welcomeBlocks } from '../../app/blocks/welcome.ts'
import { welcomeMessage } from '../../app/blocks/welcome-message.ts'
import { keyModal, nameProjectModal, newKeyModal, waitingModal } from '../../app/blocks/welcome-modals.ts'
import { BOT_SCOPES, FIELDS } from '../../app/ids.ts'
import { usd, zeroUsd } from '../../core/money.ts'
import type { OnboardingStep } from '../../core/onboarding.ts'
import type { FirstEvent } from '../../db/postgres/onboarding-steps.ts'
import { llmCosts } from '../opened-sandbox.ts'
import { inStudio, type Studio, take, takeHome, takeLast, takeModal } from './studio.ts'

const ingestUrl = 'https://ingest.example.com'
const OAUTH = {
  clientId: '1.2',
  clientSecret: 'secret',
  back: 'https://lens.example.com/slack/oauth_redirect',
}
const PROJECT = { id: 'prj_1', orgId: 'org_1', name: 'support-bot' }
const KEY = `lens_k3v9x2mq_${'shown-once-'.repeat(4).slice(0, 43)}`

/** Takes them all into `folder`. */
export const takeWelcome = (browser: Browser, folder: string): Promise<string[]> =>
  inStudio(
    browser,
    folder,
    async (studio) => {
      const asked = await takeConsent(studio)
      await studio.page.setViewportSize({ width: 1060, height: 1900 })
      return [asked, ...(await picturesOf(studio))]
    },
    { oauth: { ...OAUTH, redirectUrls: [OAUTH.back], rotation: true, orgDeploy: true } },
  )

/** Slack's page that asks, as the local Slack draws it. */
async function takeConsent(studio: Studio): Promise<string> {
  const { page, open } = studio
  const words = {
    client_id: OAUTH.clientId,
    scope: BOT_SCOPES.join(','),
    redirect_uri: OAUTH.back,
    state: 's',
  }
  await page.setViewportSize({ width: 820, height: 730 })
  await page.goto(`${open.sandbox.url}/oauth/v2/authorize?${new URLSearchParams(words)}`)
  return await take(studio, page.locator('body'), 'begin-install.png')
}

async function picturesOf(studio: Studio): Promise<string[]> {
  const { now } = studio
  const waiting = factsAt(now, ['installed', 'project_named', 'key_made'])
  const firstEvent = {
    at: new Date(now.getTime() - 3_000),
    projectId: PROJECT.id,
    model: 'gpt-4o-mini',
    cost: usd('0.0021'),
  }
  const arrived = { ...waiting, onboarding: { ...waiting.onboarding, firstEvent } }
  const hourOld = { ...firstEvent, at: new Date(now.getTime() - 3_600_000) }
  const proposed = {
    ...waiting,
    onboarding: {
      ...factsAt(now, ['installed', 'project_named', 'key_made', 'proposed']).onboarding,
      firstEvent: hourOld,
      firstHour: usd('0.42'),
    },
  }
  const fresh = { ...factsAt(now, ['installed']), projects: [] }
  return [
    await takeHome(studio, welcomeBlocks(fresh), 'begin-home.png', 560),
    await takeDirect(studio, 'begin-message.png', fresh),
    await takeModal(studio, nameProjectModal(true), 'begin-project.png', {
      ...{ field: FIELDS.projectName, value: PROJECT.name },
    }),
    await takeKey(studio),
    await takeModal(studio, newKeyModal([PROJECT]), 'begin-new-key.png'),
    await takeHome(studio, welcomeBlocks(waiting), 'begin-waiting.png', 1500),
    await takeModal(studio, waitingModal(firstEvent, now), 'begin-first-event.png'),
    await takeDirect(studio, 'begin-first-event-message.png', arrived),
    await takeHome(studio, aboveFigures(proposed, hourOld), 'begin-proposal.png', 700),
    await takeDirect(studio, 'begin-proposal-message.png', proposed),
  ]
}

/** To the end of what Python needs, so that a person need not scroll far past the picture. */
async function takeKey(studio: Studio): Promise<string> {
  await studio.page.setViewportSize({ width: 1060, height: 880 })
  return await takeModal(
    studio,
    keyModal({ text: KEY, projectName: PROJECT.name, ingestUrl }),
    'begin-key.png',
  )
}

const factsAt = (now: Date, steps: readonly OnboardingStep[]): WelcomeFacts => ({
  onboarding: {
    at: Object.fromEntries(steps.map((step) => [step, now])),
    ...{ firstEvent: null, firstHour: null },
  },
  ...{ projects: [PROJECT], mayMakeKeys: true, ingestUrl, asOf: now },
})

const aboveFigures = (facts: WelcomeFacts, { at }: FirstEvent): Block[] => [
  ...firstCallBlocks(facts),
  ...homeBlocks(
    aHome({
      projects: [{ ...PROJECT, spent: usd('0.44'), events: 212, unpricedEvents: 0 }],
      sums: { today: usd('0.44'), ...{ sameDayLastWeek: zeroUsd, week: zeroUsd, weekBefore: zeroUsd } },
      ...{ ingestUrl, asOf: new Date(at.getTime() + 3_600_000) },
    }),
  ),
  ...keyButtons(),
]

async function takeDirect(studio: Studio, file: string, facts: WelcomeFacts): Promise<string> {
  await studio.open.client.chat.postMessage({ channel: llmCosts, ...welcomeMessage(facts) })
  return await takeLast(studio, file)
}
