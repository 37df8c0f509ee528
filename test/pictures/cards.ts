/**
 * Pictures of what is rarely seen together: cards of budgets with counters, holds and ladders, the list of budgets, Home
 * while everything is stopped, and the form. From made-up facts through the blocks of the app, as a browser shows them.
 */

import type { Browser } from 'playwright-core'
import { cardFactsOf } from '../../app/blocks/a-card.ts'
import { aHome } from '../../app/blocks/a-home.ts'
import { aStoredBudget } from '../../app/blocks/a-stored-budget.ts'
import { budgetsMessage } from '../../app/blocks/budget-list.ts'
import { budgetModal } from '../../app/blocks/budget-modal.ts'
import { denyModal } from '../../app/blocks/deny-modal.ts'
import { homeBlocks } from '../../app/blocks/home.ts'
import { noticeMessage } from '../../app/blocks/notice.ts'
import { overrideModal } from '../../app/blocks/override-modal.ts'
import { previewView } from '../../app/blocks/preview-view.ts'
import { requestMessage } from '../../app/blocks/request-message.ts'
import { stopModal } from '../../app/blocks/wide-stops.ts'
import { EVERYTHING, FIELDS } from '../../app/ids.ts'
import { DEFAULT_LADDER } from '../../core/budget/ladder.ts'
import type { OverrideAsked, RequestState } from '../../core/budget/override-request.ts'
import { periodBefore } from '../../core/budget/preview.ts'
import { counterNamed, MATCH_ALL, type Scope } from '../../core/budget/scope.ts'
import { scopeWords } from '../../core/budget/scope-words.ts'
import { usd } from '../../core/money.ts'
import { periodOf } from '../../core/period/period-of.ts'
import { MONTHLY_UTC, type RecurringRule } from '../../core/period/period-rule.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { StandingStop } from '../../db/postgres/list-wide-stops.ts'
import { alex, llmCosts, sam } from '../opened-sandbox.ts'
import { aForecast, burnDown, homesToTake } from './home.ts'
import { serveCharts } from './served-charts.ts'
import { inStudio, type Studio, TALL, takeCard, takeHome, takeLast, takeModal } from './studio.ts'

const PROJECTS = ['search', 'support-bot'].map((name) => ({ id: `prj_${name}`, orgId: 'org_1', name }))

type Facts = Parameters<typeof aStoredBudget>

/** A budget in the period that holds `now`. */
function budgetAt(now: Date, rule: RecurringRule, budget: Facts[0], current: Facts[1]): StoredBudget {
  return aStoredBudget({ periodRule: rule, ...budget }, { period: periodOf(rule, now), ...current })
}

function searchUsers(now: Date): readonly StoredBudget[] {
  const scope: Scope = {
    ...{ projectId: 'prj_search', each: 'user' },
    match: { fields: { model: ['gpt-4o*'] }, tags: {} },
  }
  const rule: RecurringRule = { kind: 'week', timeZone: 'Europe/Berlin', startsOn: 1 }
  const facts = {
    id: 'bud_users',
    title: 'Search for each user',
    projectName: 'search',
    scope,
    limit: usd('20'),
  }
  const spends = ['21.40', '20.05', '18.90', '11.20', '9.75', '6.10', '4', '2.5', '1.2', '0.8', '0.3', '0.1']
  return [
    budgetAt(now, rule, facts, {}),
    ...spends.map((spent, index) =>
      budgetAt(now, rule, facts, {
        counter: counterNamed('user', index === 3 ? null : `u-${1042 + index * 7}`),
        spent: usd(spent),
        events: 40 - index * 3,
      }),
    ),
  ]
}

const strict = (now: Date) =>
  budgetAt(
    now,
    { kind: 'month', timeZone: 'America/New_York', startsOn: 1 },
    { id: 'bud_strict', mode: 'strict', rollover: { kind: 'unused', capPercent: 50 } },
    { spent: usd('86.40'), held: usd('12.35'), carried: usd('20'), events: 4812 },
  )

function laddered(now: Date): StoredBudget {
  const scope: Scope = { projectId: null, match: MATCH_ALL, each: null }
  return budgetAt(
    now,
    MONTHLY_UTC,
    {
      ...{ id: 'bud_all', title: scopeWords(scope, null), projectName: null, scope, limit: usd('2500') },
      thresholdsPercent: [50, 75, 80, 90, 100],
      ladder: [
        { percent: 75, action: { kind: 'downgrade', from: 'gpt-4o', to: 'gpt-4o-mini' } },
        { percent: 80, action: { kind: 'throttle', callsPerMinute: 60 } },
        { percent: 90, action: { kind: 'stop', environments: ['staging'] } },
        { percent: 100, action: { kind: 'stop', environments: null } },
      ],
    },
    { spent: usd('2287.13'), events: 128_431, unpricedEvents: 12 },
  )
}

const everythingStopped = (now: Date): StandingStop => ({
  ...{ reach: 'organisation', projectId: null, projectName: null, by: alex },
  ...{ at: new Date(now.getTime() - 7 * 60_000), reason: 'a key leaked, we rotate it' },
})

/** Takes them all into `folder`. */
export const takeCards = (browser: Browser, folder: string): Promise<string[]> =>
  inStudio(browser, folder, picturesOf)

async function picturesOf(studio: Studio): Promise<string[]> {
  const { now, page, open } = studio
  const [users, ...counters] = searchUsers(now)
  if (!users) throw new Error('there is nothing to show')
  const stops = [everythingStopped(now)]
  const made = [
    await takeCard(studio, 'card-each-user.png', cardFactsOf(users, { counters })),
    await takeCard(studio, 'card-strict.png', cardFactsOf(strict(now))),
    await takeCard(studio, 'card-ladder.png', cardFactsOf(laddered(now))),
    await takeCard(studio, 'card-everything-stopped.png', cardFactsOf(laddered(now), { stops })),
  ]
  made.push(...(await takeRequests(studio)))
  await tellCrossings(studio)
  const budgets = [laddered(now), strict(now), users, ...counters]
  await open.client.chat.postMessage({ channel: llmCosts, ...budgetsMessage({ budgets, stops: [] }, now) })
  made.push(await takeLast(studio, 'budgets.png'))
  made.push(await takeHome(studio, homeOf(budgets, stops, now), 'home-stopped.png', 760))
  made.push(...(await takeCharted(studio, budgets)))
  await page.setViewportSize(TALL)
  const options = { unit: 'quarter', timeZone: 'Europe/Berlin' } as const
  const form = budgetModal({ projects: PROJECTS, budgets: [], chosenProjectId: 'prj_search', options })
  const simple = budgetModal({ projects: PROJECTS, budgets: [], chosenProjectId: 'prj_search' })
  made.push(await takeModal(studio, simple, 'budget-form.png'))
  made.push(await takeModal(studio, form, 'budget-form-options.png'))
  made.push(await takeModal(studio, aPreview(now), 'budget-preview.png'))
  const stop = stopModal({ projects: PROJECTS, chosen: EVERYTHING, reason: 'a key leaked' })
  made.push(await takeModal(studio, stop, 'stop-everything.png'))
  return made
}

const TERMS = {
  ...{ lifters: [alex, sam], secondPerson: true, requestExpiresS: 86_400 },
  ...{ amountMax: usd('50'), windowsS: [900, 3_600, 14_400] },
} as const

function requestAt(now: Date, { budget, current }: StoredBudget, state: RequestState): OverrideAsked {
  const ask = { id: 'req_1', budgetId: budget.id, counter: current.counter, periodFrom: current.period.from }
  const facts = {
    amount: usd('30'),
    windowS: 3_600,
    reason: 'the launch is today, and support needs its bot',
  }
  const expiresAt = new Date(now.getTime() + 86_400_000)
  return { ...ask, ...facts, requestedBy: sam, requestedAt: now, expiresAt, state }
}

/** An override that is asked for: the form in both its kinds, the card that waits, and the request as it begins and ends. */
async function takeRequests(studio: Studio): Promise<string[]> {
  const { now, open } = studio
  const spent = { spent: usd('104.20'), events: 9_120 }
  const stored = {
    ...budgetAt(now, MONTHLY_UTC, { id: 'bud_bot', lifters: 'named' }, spent),
    overridePolicy: { approvers: TERMS.lifters },
  }
  const pending = requestAt(now, stored, { kind: 'pending' })
  const facts = cardFactsOf(stored, { waiting: [pending] })
  const made = [await takeCard(studio, 'card-approval-asked.png', facts)]
  const ended = { kind: 'denied', by: alex, at: now, reason: 'use the batch queue until Monday' } as const
  for (const [state, file] of [
    [pending.state, 'override-request.png'],
    [ended, 'override-denied.png'],
  ] as const) {
    const message = requestMessage(requestAt(now, stored, state), stored, TERMS)
    await open.client.apiCall('chat.postMessage', { channel: llmCosts, ...message })
    made.push(await takeLast(studio, file))
  }
  const modal = { terms: TERMS, userId: sam, entered: { amount: '30%', windowS: 900 } } as const
  const grants = overrideModal(stored, { ...modal, form: 'grant' }, now)
  const asks = overrideModal(stored, { ...modal, form: 'ask' }, now)
  const filled = { field: FIELDS.amount, value: modal.entered.amount }
  made.push(await takeModal(studio, grants, 'override-modal.png', filled))
  made.push(await takeModal(studio, asks, 'override-ask.png', filled))
  made.push(await takeModal(studio, denyModal(pending, false), 'override-deny.png'))
  return made
}

function aPreview(now: Date) {
  const scope = { projectId: 'prj_search', match: MATCH_ALL, each: null }
  const rules = { limit: usd('800'), ladder: DEFAULT_LADDER, periodRule: MONTHLY_UTC }
  const period = periodBefore(MONTHLY_UTC, now)
  const at = new Date(period.until.getTime() - 4 * 86_400_000)
  const [rung] = DEFAULT_LADDER
  const trips = rung ? [{ rung, at, spent: usd('800.42') }] : []
  const group = (value: string, cost: string, calls: number) => ({ value, cost: usd(cost), calls })
  return previewView(
    { orgId: 'org_1', scope, ...rules },
    {
      ...{ period, wouldTrip: true, countersReaching: 1, grainMs: 60_000 },
      was: { spent: usd('918.11'), events: 61_402, unpricedEvents: 12 },
      courses: [{ counter: '', trips, spent: usd('800.42') }],
      stopped: {
        ...{ cost: usd('117.69'), calls: 7_902 },
        routes: [group('/search', '88.20', 5_100), group('/suggest', '29.49', 2_802)],
        users: [group('u-42', '61.10', 3_120), group('u-7', '20.02', 1_870)],
        keys: [group('key_01', '117.69', 7_902)],
      },
    },
    'search',
  )
}

/** Home in its states, and a card with its chart. */
async function takeCharted(studio: Studio, budgets: readonly StoredBudget[]): Promise<string[]> {
  const { now, page } = studio
  const charts = await serveCharts()
  try {
    const stored = budgetAt(now, MONTHLY_UTC, { id: 'bud_burn' }, { spent: usd('86.40'), events: 4812 })
    const forecast = aForecast(stored, now)
    const picture = await burnDown(charts, stored, now)
    const facts = cardFactsOf(stored, { forecast })
    await page.setViewportSize(TALL)
    const made = [await takeCard(studio, 'card-burn-down.png', facts, picture)]
    for (const { file, blocks, height } of await homesToTake(charts, budgets, now))
      made.push(await takeHome(studio, blocks, file, height))
    return made
  } finally {
    await charts.close()
  }
}

const homeOf = (budgets: readonly StoredBudget[], stops: readonly StandingStop[], asOf: Date) =>
  homeBlocks(aHome({ budgets, stops, asOf }))

/** What threads say of the same budgets. */
async function tellCrossings({ open, now }: Studio): Promise<void> {
  const all = laddered(now)
  const [, stopped] = searchUsers(now)
  for (const stored of stopped ? [all, stopped] : [all]) {
    const spent = stored.current.spent
    const percents = stored === all ? [80, 90] : [100]
    const crossed = { kind: 'crossed', percents, spent, limit: stored.budget.limit } as const
    const text = noticeMessage(crossed, stored, now)?.text ?? ''
    await open.client.chat.postMessage({ channel: llmCosts, text })
  }
}
