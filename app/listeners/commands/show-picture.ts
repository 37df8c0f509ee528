/** Shows a chart below an answer, as soon as Slack can: it also goes into the person's messages with the app. */
import { setTimeout as sleep } from 'node:timers/promises'
import { chartElsewhereMessage, chartMessage } from '../../blocks/chart.ts'
import type { Chart } from '../../charts/chart.ts'
import { drawChart } from '../../charts/render.ts'
import { shareChart } from '../../charts/share-chart.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'

/**
 * Slack refuses a picture that it still processes, and a response_url works five times: one for the figures, three
 * for these tries, one for where else to look.
 */
const TRY_AFTER_MS = [700, 1_500, 3_000]

export async function showPicture(
  deps: ListenerDeps,
  asked: Asked,
  { chart, filename }: { readonly chart: Omit<Chart, 'slackChart'>; readonly filename: string },
): Promise<void> {
  const { finding, altText } = chart
  const { png } = await drawChart(chart)
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
