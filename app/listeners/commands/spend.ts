/** `/lens spend`: the figures at once, and with a `by` the chart as soon as Slack can show it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type NanoUsd, sumUsd } from '../../../core/money.ts'
import { utcDay } from '../../../core/period.ts'
import type { Dimension } from '../../../db/clickhouse/queries/scope.ts'
import type { SpendPoint } from '../../../db/clickhouse/queries/spend.ts'
import { chartElsewhereMessage, chartLaterMessage, chartMessage } from '../../blocks/chart.ts'
import { spendMessage } from '../../blocks/spend.ts'
import { renderPng, renderSvg } from '../../charts/render.ts'
import { shareChart } from '../../charts/share-chart.ts'
import { altTextOf, findingOf, spendChartSpec } from '../../charts/spend-chart.ts'
import { spendOverTimeOf } from '../../charts/spend-series.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import { type Range, rangeOf, readSpend, readSpendPoints } from '../../spend/read-spend.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'

/**
 * Slack refuses a picture that it still processes, and a response_url works five times: one for the figures, three
 * for these tries, one for where else to look.
 */
const TRY_AFTER_MS = [700, 1_500, 3_000]
const LOOK_AGAIN_AFTER_MS = [500, 1_000, 2_000, 4_000]

export async function answerSpend(
  deps: ListenerDeps,
  asked: Asked,
  { range, by }: { readonly range: Range; readonly by: Dimension | null },
): Promise<void> {
  const question = { orgId: asked.caller.orgId, range, by }
  const answer = await readSpend(deps, question)
  await asked.reply(spendMessage(answer))
  if (by === null || answer.total.events === 0) return
  const points = await pointsOnceArchived(deps, { ...question, by }, answer.total.cost)
  if (points.length === 0) await asked.reply(chartLaterMessage())
  else await answerChart(deps, asked, { range, by, points })
}

/**
 * The points of the chart, once they come to what the ledger has counted: the archive is about a second behind it, and
 * a chart that shows less than the figures above it reads like a mistake. What is there in the end is drawn.
 */
async function pointsOnceArchived(
  deps: ListenerDeps,
  question: { readonly orgId: string; readonly range: Range; readonly by: Dimension },
  total: NanoUsd,
): Promise<SpendPoint[]> {
  let points = await readSpendPoints(deps, question)
  for (const waitMs of LOOK_AGAIN_AFTER_MS) {
    if (sumUsd(points.map(({ cost }) => cost)) >= total) break
    await sleep(waitMs)
    points = await readSpendPoints(deps, question)
  }
  return points
}

async function answerChart(
  deps: ListenerDeps,
  asked: Asked,
  { range, by, points }: { readonly range: Range; readonly by: Dimension; readonly points: SpendPoint[] },
): Promise<void> {
  const spanned = rangeOf(range, deps.now())
  const chart = { data: spendOverTimeOf(points, spanned), when: spanned.when, by }
  const [finding, altText] = [findingOf(chart), altTextOf(chart)]
  const png = await renderPng(await renderSvg(spendChartSpec(chart)))
  const filename = `lens-spend-by-${by}-${utcDay(deps.now())}.png`
  const fileId = await shareChart(asked.client, asked.userId, { png, filename, title: finding, altText })
  for (const waitMs of TRY_AFTER_MS) {
    await sleep(waitMs)
    if (await isShown(deps, asked, chartMessage({ fileId, finding, altText }))) return
  }
  await asked.reply(chartElsewhereMessage({ finding }))
}

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
