/**
 * Gives a chart to a channel or a person: as Slack's own block where the data fits it, otherwise, and where Slack
 * refuses the block (`invalid_blocks`: not every workspace has it), as a picture.
 */
import type { WebClient } from '@slack/web-api'
import { escapeText } from '../blocks/text.ts'
import { slackFailureOf } from '../slack/slack-failure.ts'
import { conversationWith } from '../slack/upload-file.ts'
import type { Chart } from './chart.ts'
import { drawChart } from './render.ts'
import { uploadChart } from './share-chart.ts'
import type { SlackChart } from './slack-chart.ts'

export type ChartPlace =
  | { readonly kind: 'channel'; readonly channelId: string; readonly threadTs?: string }
  | { readonly kind: 'person'; readonly userId: string }

export interface ShownChart {
  readonly place: ChartPlace
  readonly chart: Chart
  /** Of the picture, such as `lens-spend-by-model-2026-11-25.png`. */
  readonly filename: string
  /** `picture` where our own look matters more than a reader's theme. */
  readonly prefer: 'slack_chart' | 'picture'
}

export type ShownAs =
  | { readonly kind: 'slack_chart'; readonly channelId: string; readonly ts: string }
  | { readonly kind: 'picture'; readonly channelId: string; readonly fileId: string }

/** Throws what Slack answered for anything but a refused block. */
export async function showChart(slack: WebClient, shown: ShownChart): Promise<ShownAs> {
  const { place, chart, filename, prefer } = shown
  const channelId = place.kind === 'channel' ? place.channelId : await conversationWith(slack, place.userId)
  const where = { channelId, threadTs: place.kind === 'channel' ? (place.threadTs ?? null) : null }
  if (prefer === 'slack_chart' && chart.slackChart !== null) {
    const ts = await postedAsBlock(slack, where, { ...chart, slackChart: chart.slackChart })
    if (ts !== null) return { kind: 'slack_chart', channelId, ts }
  }
  const { png } = await drawChart(chart)
  const file = { png, filename, title: chart.finding, altText: chart.altText }
  return { kind: 'picture', channelId, fileId: await uploadChart(slack, where, file) }
}

/** Null when Slack does not take the block. */
async function postedAsBlock(
  slack: WebClient,
  { channelId, threadTs }: { channelId: string; threadTs: string | null },
  { slackChart, altText }: { slackChart: SlackChart; altText: string },
): Promise<string | null> {
  try {
    // The SDK has no type for the block, so the call is made by name.
    const answer = await slack.apiCall('chat.postMessage', {
      channel: channelId,
      text: escapeText(altText),
      blocks: [slackChart],
      ...(threadTs === null ? {} : { thread_ts: threadTs }),
    })
    const ts: unknown = Reflect.get(answer, 'ts')
    return typeof ts === 'string' ? ts : ''
  } catch (error) {
    const failure = slackFailureOf(error)
    if (failure?.kind === 'refused' && failure.error === 'invalid_blocks') return null
    throw error
  }
}
