/**
 * Reads what App Home shows, all of it at once. Money comes from the ledger; charts and speed come from the archive, and
 * where that does not answer in time the rest is shown without them.
 */
import { doesApiKeyWork } from '../../core/api-key-life.ts'
import { sumUsd, zeroUsd } from '../../core/money.ts'
import { narrowedTo } from '../../core/people/reach.ts'
import { monthOf, utcDay } from '../../core/period.ts'
import { latencyPercentiles } from '../../db/clickhouse/queries/latency.ts'
import { unpricedModels } from '../../db/clickhouse/queries/unpriced-models.ts'
import { readForecasts } from '../../db/postgres/forecast-watches.ts'
import type { HomeArchive, HomeChart, HomeFacts, HomeProject, HomeSums } from '../blocks/home-facts.ts'
import { chartUrl, signChartLink } from '../charts/chart-link.ts'
import type { ChartSight } from '../charts/chart-sight.ts'
import { HOME_CHARTS, homeChartName, readHomeChart } from '../charts/home-charts.ts'
import type { AppDeps } from '../deps.ts'
import {
  ANY_DEED,
  seenBudgets,
  seenCalls,
  seenDailySpend,
  seenDeeds,
  seenKeys,
  seenProjectSpend,
  seenProjects,
  seenStops,
} from '../seen/seen.ts'
import type { Viewer } from '../slack/people.ts'
import type { HomeChoice } from './choice.ts'

const DAY_MS = 86_400_000
const MODELS_MAX = 5
const DEEDS_MAX = 5
/** Home is to be there within a second and a half. */
const ARCHIVE_TIMEOUT_MS = 2_500

interface Asked {
  readonly viewer: ChartSight & Pick<Viewer, 'reach'>
  readonly choice: HomeChoice
  readonly asOf: Date
}

export async function readHome(
  deps: AppDeps,
  viewer: Asked['viewer'],
  wanted: HomeChoice,
): Promise<HomeFacts> {
  const asOf = deps.now()
  const { tables } = deps.postgres
  const { reach } = viewer
  const projects = await seenProjects(tables, reach)
  // A project that was deleted since, or hidden from this person, is no choice any more.
  const isThere = projects.some(({ id }) => id === wanted.projectId)
  const choice = isThere ? wanted : { ...wanted, projectId: null }
  const asked = { viewer, choice, asOf }
  const [spend, sums, budgets, stops, forecasts, keys, deeds, archive] = await Promise.all([
    seenProjectSpend(tables, reach, monthOf(asOf)),
    readSums(deps, asked),
    seenBudgets(tables, reach, asOf),
    seenStops(tables, reach),
    readForecasts(tables, reach.orgId),
    seenKeys(tables, reach),
    seenDeeds(tables, narrowedTo(reach, choice.projectId), { filter: ANY_DEED, rowsMax: DEEDS_MAX }),
    readArchive(deps, asked),
  ])
  const shown = projects.map(({ id, name }): HomeProject => {
    const found = spend.find(({ projectId }) => projectId === id)
    const { spent = zeroUsd, events = 0, unpricedEvents = 0 } = found ?? {}
    return { id, name, spent, events, unpricedEvents }
  })
  return {
    projects: shown.sort((a, b) =>
      a.spent === b.spent ? a.name.localeCompare(b.name) : a.spent < b.spent ? 1 : -1,
    ),
    ...{ choice, sums, budgets, stops, forecasts, deeds, archive, asOf },
    keys: keys.filter((key) => doesApiKeyWork(key, asOf)),
    ingestUrl: deps.ingestUrl,
  }
}

async function readSums(deps: AppDeps, { viewer: { reach }, choice, asOf }: Asked): Promise<HomeSums> {
  const today = new Date(Math.floor(asOf.getTime() / DAY_MS) * DAY_MS)
  const daysAgo = (days: number): Date => new Date(today.getTime() - days * DAY_MS)
  const span = { from: daysAgo(14), until: daysAgo(-1) }
  const days = await seenDailySpend(deps.postgres.tables, narrowedTo(reach, choice.projectId), span)
  const within = (from: Date, until: Date) =>
    sumUsd(days.filter(({ day }) => day >= utcDay(from) && day < utcDay(until)).map(({ spent }) => spent))
  return {
    today: within(today, daysAgo(-1)),
    sameDayLastWeek: within(daysAgo(7), daysAgo(6)),
    week: within(daysAgo(7), today),
    weekBefore: within(daysAgo(14), daysAgo(7)),
  }
}

async function readArchive(deps: AppDeps, asked: Asked): Promise<HomeArchive> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the archive took too long')), ARCHIVE_TIMEOUT_MS)
  })
  try {
    return await Promise.race([askArchive(deps, asked), late])
  } catch (error) {
    deps.log.warn({ err: error }, 'Home is shown without what the archive knows')
    return { kind: 'silent' }
  } finally {
    clearTimeout(timer)
  }
}

async function askArchive(deps: AppDeps, asked: Asked): Promise<HomeArchive> {
  const { viewer, choice, asOf } = asked
  const chosen = narrowedTo(viewer.reach, choice.projectId)
  const lastDay = { from: new Date(asOf.getTime() - DAY_MS), until: new Date(asOf.getTime() + 1) }
  const [latency, unpriced, charts] = await Promise.all([
    latencyPercentiles(deps.clickhouse, seenCalls(chosen, lastDay)),
    unpricedModels(deps.clickhouse, { ...seenCalls(chosen, monthOf(asOf)), limit: MODELS_MAX }),
    // Without an address nobody could look at them.
    deps.publicAppUrl === null ? null : readCharts(deps, asked, deps.publicAppUrl),
  ])
  return { kind: 'read', latency, unpriced, charts }
}

/** Read, not drawn: what they say is their alternative text, and Slack fetches the pictures when it shows them. */
const readCharts = (
  deps: AppDeps,
  { viewer, choice, asOf }: Asked,
  publicUrl: string,
): Promise<HomeChart[]> =>
  Promise.all(
    HOME_CHARTS.map(async (kind) => {
      const { altText, finding } = await readHomeChart(deps, viewer.reach, kind, choice)
      const chart = homeChartName({ kind, choice, sight: viewer, finding }, asOf)
      const linked = { orgId: viewer.reach.orgId, chart }
      return { altText, url: chartUrl(publicUrl, signChartLink(linked, deps.keyring, asOf)) }
    }),
  )
