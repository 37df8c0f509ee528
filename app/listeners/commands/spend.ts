/** `/lens spend` and what is asked like it: the figures at once, and with a `by` the chart as soon as Slack can show it. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type NanoUsd, sumUsd } from '../../../core/money.ts'
import { utcDay } from '../../../core/period.ts'
import type { Cut } from '../../../db/clickhouse/queries/scope.ts'
import type { SpendPoint } from '../../../db/clickhouse/queries/spend.ts'
import type { Dearest } from '../../../db/clickhouse/queries/spend-course-of-many.ts'
import { chartLaterMessage } from '../../blocks/chart.ts'
import { withShareButton } from '../../blocks/share.ts'
import { errorChart } from '../../charts/error-chart.ts'
import { spendChart } from '../../charts/spend-chart.ts'
import { spendOverTimeOf } from '../../charts/spend-series.ts'
import { readErrorChart } from '../../errors/read-errors.ts'
import type { Viewer } from '../../slack/people.ts'
import type { SpendRange } from '../../spend/range.ts'
import { nameOfCut, readSpendPoints, type SpendQuestion } from '../../spend/read-spend.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { compose } from './compose.ts'
import type { ShareableCommand } from './composed.ts'
import { answerCsv } from './csv.ts'
import type { Asked } from './lens.ts'
import { type BelowAnswer, showBelow } from './show-picture.ts'

const LOOK_AGAIN_AFTER_MS = [500, 1_000, 2_000, 4_000]

export interface Question {
  readonly command: ShareableCommand
  readonly text: string
  readonly viewer: Pick<Viewer, 'reach' | 'timeZone'>
}

export async function answerQuestion(
  deps: ListenerDeps,
  asked: Asked,
  { command, text, viewer }: Question,
): Promise<void> {
  const at = deps.now()
  const { reach, timeZone } = viewer
  const composed = await compose(deps, { reach, timeZone, at }, command)
  if (composed.kind === 'refused') return await asked.reply(composed.message)
  await asked.reply(withShareButton(composed.message, { at, text }))
  if (composed.drawn === null) return
  const { range, spent, dearest } = composed.drawn
  if (command.kind === 'errors' && command.format === 'chart') {
    const { filter } = command
    const chart = errorChart(await readErrorChart(deps, { reach, range, filter }))
    const filename = `lens-errors-${utcDay(deps.now())}.png`
    return await showBelow(deps, asked, { chart, filename, prefer: 'slack_chart' })
  }
  if (command.kind !== 'spend') return
  const question = { reach, range, by: command.by, filter: command.filter }
  if (command.format === 'csv') return await answerCsv(deps, asked, question)
  const by = command.by ?? (command.format === 'chart' ? 'project' : null)
  if (by === null || command.format === 'table') return
  const prefer = command.format === 'chart' ? 'slack_chart' : 'picture'
  await answerChartOf(deps, asked, { ...question, by, spent, dearest, prefer })
}

/**
 * `spent` and `dearest` are what the figures above the chart say. Who says `chart` gets Slack's own at once where it fits; what comes
 * unasked below a cut is our picture.
 */
type ChartQuestion = SpendQuestion & {
  readonly by: Cut
  readonly spent: NanoUsd
  readonly dearest: Dearest | null
  readonly prefer: BelowAnswer['prefer']
}

async function answerChartOf(deps: ListenerDeps, asked: Asked, question: ChartQuestion): Promise<void> {
  const points = await pointsOnceArchived(deps, question)
  if (points.length === 0) await asked.reply(chartLaterMessage())
  else await answerChart(deps, asked, { question, points })
}

/**
 * The points of the chart, once they come to what the figures say: the archive is about a second behind the ledger, and
 * a chart that shows less than the figures above it reads like a mistake. What is there in the end is drawn.
 */
async function pointsOnceArchived(deps: ListenerDeps, question: ChartQuestion): Promise<SpendPoint[]> {
  let points = await readSpendPoints(deps, question)
  for (const waitMs of LOOK_AGAIN_AFTER_MS) {
    if (sumUsd(points.map(({ cost }) => cost)) >= question.spent) break
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
  const { range, by: cut, prefer } = question
  const by = nameOfCut(cut)
  const chart = { data: spendOverTimeOf(within(points, range), range), when: range.when, by }
  const filename = `lens-spend-by-${by.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 60)}-${utcDay(deps.now())}.png`
  await showBelow(deps, asked, { chart: spendChart(chart), filename, prefer })
}

/** In a zone whose midnights are no whole hours of UTC, the hour that holds the first midnight begins before the range. */
const within = (points: readonly SpendPoint[], { from }: SpendRange): SpendPoint[] =>
  points.map((point) => ({ ...point, at: point.at < from ? from : point.at }))
