/** Pictures of Home in its states, and of a card with its burn-down chart: made-up facts through the app's own blocks. */
import { aDeed, aHome, aKey } from '../../app/blocks/a-home.ts'
import { closedHomeBlocks, homeBlocks } from '../../app/blocks/home.ts'
import type { HomeFacts } from '../../app/blocks/home-facts.ts'
import type { Block } from '../../app/blocks/text.ts'
import { budgetChart } from '../../app/charts/budget-chart.ts'
import type { KeptForecast } from '../../core/forecast/kept-forecast.ts'
import { type NanoUsd, nanoUsd, usd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { StoredPicture } from '../../db/postgres/stored-picture.ts'
import { galleryCharts } from '../gallery/gallery-charts.ts'
import { alex, sam } from '../opened-sandbox.ts'
import type { ServedCharts } from './served-charts.ts'

const HOUR_MS = 3_600_000

/** A forecast of that budget at this moment. */
export function aForecast(
  { budget, current }: StoredBudget,
  now: Date,
  hoursLeft: number | null,
): KeptForecast {
  const at = (hours: number) => new Date(now.getTime() + hours * HOUR_MS)
  const about = { at: at(-0.2), periodFrom: current.period.from, limitRevision: budget.limitRevision }
  const most = nanoUsd((budget.limit * 108n) / 100n)
  return {
    ...about,
    forecast:
      hoursLeft === null
        ? { kind: 'holds', mayReachAt: null, expectedAtEnd: nanoUsd((current.spent * 112n) / 100n) }
        : {
            ...{ kind: 'reaches', at: at(hoursLeft), earliestAt: at(hoursLeft / 2), latestAt: null },
            expectedAtEnd: most,
          },
  }
}

/** Spent in even steps that are calmer at night, and on at the same rate. */
export async function burnDown(
  charts: ServedCharts,
  { budget, current }: StoredBudget,
  now: Date,
): Promise<StoredPicture> {
  const { from, until } = current.period
  const span = now.getTime() - from.getTime()
  const share = (part: number): NanoUsd =>
    nanoUsd((current.spent * BigInt(Math.round(part * 1e6))) / 1_000_000n)
  const spent = Array.from({ length: 120 }, (_, index) => (index + 1) / 120).map((part) => ({
    at: new Date(from.getTime() + span * part),
    total: share(part - 0.01 * Math.sin((span / (24 * HOUR_MS)) * 2 * Math.PI * part) * (1 - part)),
  }))
  const left = until.getTime() - now.getTime()
  const course = Array.from({ length: 21 }, (_, index) => index / 20).map((part) => ({
    at: new Date(now.getTime() + left * part),
    expected: share(1 + (part * left) / span),
    low: share(1 + (part * left * 0.75) / span),
    high: share(1 + (part * left * 1.35) / span),
  }))
  const reached = course.find(({ expected }) => expected >= budget.limit)
  const served = await charts.serve(
    budgetChart({
      ...{ name: budget.title, period: { from, until, timeZone: 'UTC' }, now, limit: budget.limit },
      ...{ thresholds: budget.thresholdsPercent, spent, overrides: [] },
      forecast: { course, reachesAt: reached?.at ?? null },
    }),
  )
  return {
    ...{ shownAt: now.toISOString(), basis: '', urgent: '', altText: served.altText },
    source: { kind: 'link', url: served.url },
  }
}

/** Each with the name of its picture. */
export async function homesToTake(
  charts: ServedCharts,
  budgets: readonly StoredBudget[],
  now: Date,
): Promise<readonly (readonly [string, Block[]])[]> {
  const drawn = galleryCharts()
  const named = ['spend-month', 'spend-week', 'latency-week']
  const found = named.flatMap((name) => drawn.find((one) => one.name === name) ?? [])
  const shown = await Promise.all(found.map(({ chart }) => charts.serve(chart)))
  const facts = homeFacts(budgets, now)
  const archive = { ...ARCHIVE, charts: shown }
  return [
    ['home.png', homeBlocks({ ...facts, archive })],
    ['home-archive-silent.png', homeBlocks({ ...facts, archive: { kind: 'silent' } })],
    ['home-empty.png', homeBlocks(emptyHome(now))],
    ['home-guest.png', closedHomeBlocks('Guests cannot do this. Ask a full member of this workspace.')],
  ]
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
    forecasts: new Map(budgets.map((one) => [one.budget.id, aForecast(one, now, one === first ? 26 : null)])),
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
