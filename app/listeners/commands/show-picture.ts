/** Shows a chart below an answer: as Slack's own where that is wanted and taken, else as a picture. */
import { setTimeout as sleep } from 'node:timers/promises'
import { chartElsewhereMessage, chartMessage, slackChartMessage } from '../../blocks/chart.ts'
import type { Chart } from '../../charts/chart.ts'
import { drawChart } from '../../charts/render.ts'
import { shareChart } from '../../charts/share-chart.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import type { Said } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'

/**
 * Slack refuses a picture that it still processes, and a response_url works five times: one for the figures, three
 * for these tries, one for where else to look. A refused chart of Slack's own takes the place of the last try.
 */
const TRY_AFTER_MS = [700, 1_500, 3_000]

export interface BelowAnswer {
  readonly chart: Chart
  readonly filename: string
  /** `slack_chart` is there at once and leaves no copy; where it does not fit or is refused, the picture comes. */
  readonly prefer: 'slack_chart' | 'picture'
}

export async function showBelow(deps: ListenerDeps, asked: Asked, below: BelowAnswer): Promise<void> {
  const { chart, prefer } = below
  if (prefer === 'picture' || chart.slackChart === null)
    return await showPicture(deps, asked, { ...below, tries: TRY_AFTER_MS })
  const own = slackChartMessage({ slackChart: chart.slackChart, altText: chart.altText })
  if (await isShown(deps, asked, own)) return
  await showPicture(deps, asked, { ...below, tries: TRY_AFTER_MS.slice(1) })
}

/** It also goes into the person's messages with the app. */
async function showPicture(
  deps: ListenerDeps,
  asked: Asked,
  { chart, filename, tries }: Omit<BelowAnswer, 'prefer'> & { readonly tries: readonly number[] },
): Promise<void> {
  const { finding, altText } = chart
  const { png } = await drawChart(chart)
  const fileId = await shareChart(asked.client, asked.userId, { png, filename, title: finding, altText })
  for (const waitMs of tries) {
    await sleep(waitMs)
    if (await isShown(deps, asked, chartMessage({ fileId, finding, altText }))) return
  }
  await asked.reply(chartElsewhereMessage({ finding }))
}

/** A response_url tells by its status that it refused a message, and not why. */
async function isShown(deps: ListenerDeps, asked: Asked, message: Said): Promise<boolean> {
  try {
    await asked.reply(message)
    return true
  } catch (error) {
    const failure = slackFailureOf(error)
    const reason = failure ? describeFailure(failure) : String(error)
    deps.log.info({ reason }, 'Slack does not show the chart')
    return false
  }
}
