/** A chart in a message: the picture, with a text that says what it shows. */
import type { SlackChart } from '../charts/slack-chart.ts'
import type { Message } from './card.ts'
import { clip, context, escapeText, plain } from './text.ts'

export interface SharedChart {
  readonly fileId: string
  readonly finding: string
  readonly altText: string
}

export const chartMessage = ({ fileId, finding, altText }: SharedChart): Message => ({
  text: escapeText(altText),
  blocks: [
    { type: 'image', slack_file: { id: fileId }, alt_text: clip(altText, 2000), title: plain(finding, 2000) },
    context('A copy of this chart is in your messages with LensAI.'),
  ],
})

/** Slack draws it; the text is for who does not see it. */
export const slackChartMessage = (chart: {
  readonly slackChart: SlackChart
  readonly altText: string
}): { text: string; blocks: SlackChart[] } => ({
  text: escapeText(chart.altText),
  blocks: [chart.slackChart],
})

/** Where Slack would not show the picture here; the person has it all the same. */
export const chartElsewhereMessage = ({ finding }: Pick<SharedChart, 'finding'>): Message => {
  const text = `${escapeText(finding)}. The chart is in your messages with LensAI.`
  return { text, blocks: [context(text)] }
}

/** The figures come from the ledger, the chart from the archive, which has not caught up. */
export const chartLaterMessage = (): Message => {
  const text = 'The newest calls are still on their way into the chart. Ask again in a minute.'
  return { text, blocks: [context(text)] }
}
