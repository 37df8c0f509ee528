/** Pictures of Home in its states, and of a card with its burn-down chart: made-up facts through the app's own blocks. */
import { aDeed, aHome, aKey } from '../../app/blocks/a-home.ts'
import { cardChangeWords } from '../../app/blocks/card-change.ts'
import { zoneOf } from '../../app/blocks/forecast-words.ts'
import { closedHomeBlocks, homeBlocks } from '../../app/blocks/home.ts'
import type { HomeFacts } from '../../app/blocks/home-facts.ts'
import type { Block } from '../../app/blocks/text.ts'
import { budgetChart } from '../../app/charts/budget-chart.ts'
import { moversOf } from '../../app/spend/movers.ts'
import { limitIn } from '../../core/budget/limit.ts'
import type { KeptForecast } from '../../core/forecast/kept-forecast.ts'
import { type NanoUsd, nanoUsd, sumUsd, usd, zeroUsd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import { galleryCharts } from '../gallery/gallery-charts.ts'
import { alex, sam } from '../opened-sandbox.ts'
import type { ServedCharts } from './served-charts.ts'

const HOUR_MS = 3_600_000

/** A forecast of that budget at this moment: on at the rate of the period so far. */
export function aForecast(stored: StoredBudget, now: Date): KeptForecast {
  const { budget, current } = stored
  const about = {
    ...{ at: new Date(now.getTime() - 0.2 * HOUR_MS), periodFrom: current.period.from },
    limitRevision: budget.limitRevision,
  }
  const [reachesAt, expectedAtEnd] = [reachedAt(stored, now), courseOf(stored, now).at(-1)?.expected]
  if (expectedAtEnd === undefined) throw new Error('there is no course')
  if (reachesAt === null) return { ...about, forecast: { kind: 'holds', mayReachAt: null, expectedAtEnd } }
  const instants = { at: reachesAt, earliestAt: reachesAt, latestAt: null }
  return { ...about, forecast: { kind: 'reaches', ...instants, expectedAtEnd } }
}

const shareOf = ({ current }: StoredBudget, part: number): NanoUsd =>
  nanoUsd((current.spent * BigInt(Math.round(Math.max(0, part) * 1e6))) / 1_000_000n)

function courseOf(stored: StoredBudget, now: Date) {
  const { from, until } = stored.current.period
  const [span, left] = [now.getTime() - from.getTime(), until.getTime() - now.getTime()]
  return Array.from({ length: 101 }, (_, index) => index / 100).map((part) => ({
    at: new Date(now.getTime() + left * part),
    expected: shareOf(stored, 1 + (part * left) / span),
    low: shareOf(stored, 1 + (part * left * 0.75) / span),
    high: shareOf(stored, 1 + (part * left * 1.35) / span),
  }))
}

const reachedAt = (stored: StoredBudget, now: Date): Date | null =>
  courseOf(stored, now).find(({ expected }) => expected >= limitIn(stored.budget, stored.current))?.at ?? null

/** Most by one model, which is also what rose. */
function changeOf(stored: StoredBudget): string {
  const { spent } = stored.current
  const parts = (all: Readonly<Record<string, number>>) =>
    Object.entries(all).map(([name, percent]) => ({ name, cost: nanoUsd((spent * BigInt(percent)) / 100n) }))
  const models = parts({ 'gpt-4o': 61, 'claude-sonnet-4-5': 27, 'gpt-4o-mini': 12 })
  const then = parts({ 'gpt-4o': 38, 'claude-sonnet-4-5': 30, 'gpt-4o-mini': 11 })
  const before = { spent: sumUsd(then.map(({ cost }) => cost)), movers: moversOf(models, then, 1) }
  return cardChangeWords(stored, { spent, models, before })
}

/** Spent day by day, calmer at night. */
export async function burnDown(
  charts: ServedCharts,
  stored: StoredBudget,
  now: Date,
): Promise<StoredPicture> {
  const { budget, current } = stored
  const { from, until } = current.period
  const span = now.getTime() - from.getTime()
  const days = span / (24 * HOUR_MS)
  const spent = Array.from({ length: 120 }, (_, index) => (index + 1) / 120).map((part) => ({
    at: new Date(from.getTime() + span * part),
    total: shareOf(stored, part - 0.006 * (1 - Math.cos(days * 2 * Math.PI * part)) * (1 - part)),
  }))
  const served = await charts.serve(
    budgetChart({
      ...{ name: budget.title, period: { from, until, timeZone: zoneOf(stored) }, now },
      ...{
        limit: limitIn(budget, current),
        thresholds: budget.thresholdsPercent,
        spent,
        estimated: zeroUsd,
        overrides: [],
      },
      forecast: { course: courseOf(stored, now), reachesAt: reachedAt(stored, now) },
    }),
  )
  return {
    ...{
      shownAt: now.toISOString(),
      basis: '',
      urgent: '',
      altText: served.altText,
      below: changeOf(stored),
    },
    source: { kind: 'link', url: served.url },
  }
}

/** Each with the name of its picture. */
export async function homesToTake(
  charts: ServedCharts,
  budgets: readonly StoredBudget[],
  now: Date,
): Promise<readonly HomeToTake[]> {
  const drawn = galleryCharts()
  const named = ['spend-month', 'spend-week', 'latency-week']
  const found = named.flatMap((name) => drawn.find((one) => one.name === name) ?? [])
  const shown = await Promise.all(found.map(({ chart }) => charts.serve(chart)))
  const facts = homeFacts(budgets, now)
  const archive = { ...ARCHIVE, charts: shown }
  const guest = closedHomeBlocks('Guests cannot do this. Ask a full member of this workspace.')
  return [
    { file: 'home.png', height: 2380, blocks: homeBlocks({ ...facts, archive }) },
    {
      ...{ file: 'home-archive-silent.png', height: 1110 },
      blocks: homeBlocks({ ...facts, archive: { kind: 'silent' } }),
    },
    { file: 'home-empty.png', height: 490, blocks: homeBlocks(emptyHome(now)) },
    { file: 'home-guest.png', height: 150, blocks: guest },
  ]
}

export interface HomeToTake {
  readonly file: string
  /** Of the page: Home fills what it is given. */
  readonly height: number
  readonly blocks: Block[]
}

const ARCHIVE = {
  kind: 'read',
  latency: { calls: 51_200, p50Ms: 820, p95Ms: 2_410, p99Ms: 9_000, ttftP50Ms: 310, ttftP95Ms: 900 },
  unpriced: [],
} as const

function homeFacts(budgets: readonly StoredBudget[], now: Date): HomeFacts {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  const [first] = budgets
  return aHome({
    ...{ asOf: now, budgets },
    forecasts: new Map(budgets.map((one) => [one.budget.id, aForecast(one, now)])),
    keys: [
      aKey({ id: 'key_1', name: 'production', lastUsedAt: ago(1) }),
      aKey({ id: 'key_2', name: 'batch', projectName: 'support-bot', lastUsedAt: ago(300) }),
      aKey({ id: 'key_3', name: 'trial', lastUsedAt: null }),
    ],
    deeds: [
      aDeed({ action: 'override.granted', subject: first?.budget.id ?? '', actor: alex, at: ago(40) }),
      aDeed({ action: 'budget.limit_lifted', subject: first?.budget.id ?? '', actor: sam, at: ago(400) }),
      aDeed({ action: 'api_key.created', subject: 'key_3', actor: alex, at: ago(900) }),
    ],
  })
}

function emptyHome(now: Date): HomeFacts {
  const { projects, sums, ...rest } = aHome({ asOf: now })
  const none = usd('0')
  return {
    ...rest,
    projects: projects.map((project) => ({ ...project, spent: none, events: 0 })),
    sums: { ...sums, today: none, sameDayLastWeek: none, week: none, weekBefore: none },
  }
}
