/** `/lens spend` and what is asked like it: the figures at once, and with a `by` the chart as soon as Slack can show it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sumUsd } from '../../../core/money.ts'
import { utcDay } from '../../../core/period.ts'
import type { Cut } from '../../../db/clickhouse/queries/scope.ts'
import type { SpendPoint } from '../../../db/clickhouse/queries/spend.ts'
import { chartElsewhereMessage, chartLaterMessage, chartMessage } from '../../blocks/chart.ts'
import { withShareButton } from '../../blocks/share.ts'
import { renderPng, renderSvg } from '../../charts/render.ts'
import { shareChart } from '../../charts/share-chart.ts'
import { altTextOf, findingOf, spendChartSpec } from '../../charts/spend-chart.ts'
import { spendOverTimeOf } from '../../charts/spend-series.ts'
import { readTimeZone } from '../../slack/people.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import type { SpendRange } from '../../spend/range.ts'
import { nameOfCut, readSpend, readSpendPoints, type SpendQuestion } from '../../spend/read-spend.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { compose } from './compose.ts'
import type { ShareableCommand } from './composed.ts'
import { answerCsv } from './csv.ts'
import type { Asked } from './lens.ts'

/**
 * Slack refuses a picture that it still processes, and a response_url works five times: one for the figures, three
 * for these tries, one for where else to look.
 */
const TRY_AFTER_MS = [700, 1_500, 3_000]
const LOOK_AGAIN_AFTER_MS = [500, 1_000, 2_000, 4_000]

export async function answerQuestion(
  deps: ListenerDeps,
  asked: Asked,
  { command, text }: { readonly command: ShareableCommand; readonly text: string },
): Promise<void> {
  const at = deps.now()
  const { orgId } = asked.caller
  const timeZone = await readTimeZone(asked.client, asked.userId)
  const composed = await compose(deps, { orgId, timeZone, at }, command)
  if (composed.kind === 'refused') return await asked.reply(composed.message)
  await asked.reply(withShareButton(composed.message, { at, text }))
  if (command.kind !== 'spend' || composed.drawn === null) return
  const question = { orgId, range: composed.drawn, by: command.by, filter: command.filter }
  if (command.format === 'csv') return await answerCsv(deps, asked, question)
  const by = command.by ?? (command.format === 'chart' ? 'project' : null)
  if (by === null || command.format === 'table') return
  await answerChartOf(deps, asked, { ...question, by })
}

type ChartQuestion = SpendQuestion & { readonly by: Cut }

async function answerChartOf(deps: ListenerDeps, asked: Asked, question: ChartQuestion): Promise<void> {
  const points = await pointsOnceArchived(deps, question)
  if (points.length === 0) await asked.reply(chartLaterMessage())
  else await answerChart(deps, asked, { question, points })
}

/**
 * The points of the chart, once they come to what the ledger has counted: the archive is about a second behind it, and
 * a chart that shows less than the figures above it reads like a mistake. What is there in the end is drawn.
 */
async function pointsOnceArchived(deps: ListenerDeps, question: ChartQuestion): Promise<SpendPoint[]> {
  const { total } = await readSpend(deps, question)
  let points = await readSpendPoints(deps, question)
  for (const waitMs of LOOK_AGAIN_AFTER_MS) {
    if (sumUsd(points.map(({ cost }) => cost)) >= total.cost) break
    await sleep(waitMs)
    points = await readSpendPoints(deps, question)
  }
  return points
}

async function answerChart(
  deps: ListenerDeps,
  asked: Asked,
  { question, points }: { readonly question: ChartQuestion; readonly points: readonly SpendPoint[] },
): Promise<void> {
  const { range, by: cut } = question
  const by = nameOfCut(cut)
  const chart = { data: spendOverTimeOf(within(points, range), range), when: range.when, by }
  const [finding, altText] = [findingOf(chart), altTextOf(chart)]
  const png = await renderPng(await renderSvg(spendChartSpec(chart)))
  const filename = `lens-spend-by-${by.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 60)}-${utcDay(deps.now())}.png`
  const fileId = await shareChart(asked.client, asked.userId, { png, filename, title: finding, altText })
  for (const waitMs of TRY_AFTER_MS) {
    await sleep(waitMs)
    if (await isShown(deps, asked, chartMessage({ fileId, finding, altText }))) return
  }
  await asked.reply(chartElsewhereMessage({ finding }))
}

/** In a zone whose midnights are no whole hours of UTC, the hour that holds the first midnight begins before the range. */
const within = (points: readonly SpendPoint[], { from }: SpendRange): SpendPoint[] =>
  points.map((point) => ({ ...point, at: point.at < from ? from : point.at }))

async function isShown(
  deps: ListenerDeps,
  asked: Asked,
  message: ReturnType<typeof chartMessage>,
): Promise<boolean> {
  try {
    await asked.reply(message)
    return true
  } catch (error) {
    const failure = slackFailureOf(error)
    const reason = failure ? describeFailure(failure) : String(error)
    deps.log.info({ reason }, 'Slack does not show the chart yet')
    return false
  }
}
