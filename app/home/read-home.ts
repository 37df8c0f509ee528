/**
 * Reads what App Home shows, all of it at once. Money comes from the ledger; charts and speed come from the archive, and
 * where that does not answer in time the rest is shown without them.
 */
import { doesApiKeyWork } from '../../core/api-key-life.ts'
import { sumUsd, zeroUsd } from '../../core/money.ts'
import { monthOf, utcDay } from '../../core/period.ts'
import { latencyPercentiles } from '../../db/clickhouse/queries/latency.ts'
import { unpricedModels } from '../../db/clickhouse/queries/unpriced-models.ts'
import { listApiKeys } from '../../db/postgres/api-key-deeds.ts'
import { readDeeds } from '../../db/postgres/audit-list.ts'
import { ofOrganisation } from '../../db/postgres/budget-settings.ts'
import { readBudgets } from '../../db/postgres/budget-snapshots.ts'
import { readForecasts } from '../../db/postgres/forecast-watches.ts'
import { listWideStops } from '../../db/postgres/list-wide-stops.ts'
import { readDailySpend, readProjectSpend } from '../../db/postgres/project-spend.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import type { HomeArchive, HomeChart, HomeFacts, HomeProject, HomeSums } from '../blocks/home-facts.ts'
import { chartUrl, signChartLink } from '../charts/chart-link.ts'
import { HOME_CHARTS, homeChartName, readHomeChart } from '../charts/home-charts.ts'
import type { AppDeps } from '../deps.ts'
import type { HomeChoice } from './choice.ts'

const DAY_MS = 86_400_000
const MODELS_MAX = 5
const DEEDS_MAX = 5
/** Home is to be there within a second and a half. */
const ARCHIVE_TIMEOUT_MS = 2_500

interface Asked {
  readonly orgId: string
  readonly choice: HomeChoice
  readonly asOf: Date
}

export async function readHome(deps: AppDeps, orgId: string, wanted: HomeChoice): Promise<HomeFacts> {
  const asOf = deps.now()
  const { tables } = deps.postgres
  const { from, until } = monthOf(asOf)
  const projects = await listProjects(tables, orgId)
  // A project that was deleted since is no choice any more.
  const isThere = projects.some(({ id }) => id === wanted.projectId)
  const choice = isThere ? wanted : { ...wanted, projectId: null }
  const asked = { orgId, choice, asOf }
  const [spend, sums, budgets, stops, forecasts, keys, deeds, archive] = await Promise.all([
    readProjectSpend(tables, { orgId, from, until }),
    readSums(deps, asked),
    readBudgets(tables, ofOrganisation(orgId), asOf),
    listWideStops(tables, orgId),
    readForecasts(tables, orgId),
    listApiKeys(tables, { orgId }),
    readDeeds(tables, { orgId, projectId: choice.projectId }, ANY_DEED, { after: null, rowsMax: DEEDS_MAX }),
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

const ANY_DEED = { since: null, until: null, actor: null, action: null, subject: null }

async function readSums(deps: AppDeps, { orgId, choice, asOf }: Asked): Promise<HomeSums> {
  const today = new Date(Math.floor(asOf.getTime() / DAY_MS) * DAY_MS)
  const daysAgo = (days: number): Date => new Date(today.getTime() - days * DAY_MS)
  const span = { from: daysAgo(14), until: daysAgo(-1) }
  const days = await readDailySpend(deps.postgres.tables, { orgId, projectId: choice.projectId, ...span })
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

async function askArchive(deps: AppDeps, { orgId, choice, asOf }: Asked): Promise<HomeArchive> {
  const projectIds = choice.projectId === null ? null : [choice.projectId]
  const scope = { orgId, projectIds }
  const lastDay = { from: new Date(asOf.getTime() - DAY_MS), until: new Date(asOf.getTime() + 1) }
  const [latency, unpriced, charts] = await Promise.all([
    latencyPercentiles(deps.clickhouse, { ...scope, ...lastDay }),
    unpricedModels(deps.clickhouse, { ...scope, ...monthOf(asOf), limit: MODELS_MAX }),
    // Without an address nobody could look at them.
    deps.publicAppUrl === null ? null : readCharts(deps, { orgId, choice, asOf }, deps.publicAppUrl),
  ])
  return { kind: 'read', latency, unpriced, charts }
}

/** Read, not drawn: what they say is their alternative text, and Slack fetches the pictures when it shows them. */
const readCharts = (deps: AppDeps, { orgId, choice, asOf }: Asked, publicUrl: string): Promise<HomeChart[]> =>
  Promise.all(
    HOME_CHARTS.map(async (kind) => {
      const { altText } = await readHomeChart(deps, orgId, kind, choice)
      const linked = { orgId, chart: homeChartName(kind, choice, asOf) }
      return { altText, url: chartUrl(publicUrl, signChartLink(linked, deps.keyring, asOf)) }
    }),
  )
