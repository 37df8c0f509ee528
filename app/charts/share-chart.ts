/**
 * Gives one person a chart. Slack shows a file only to people it is shared with, and an ephemeral message shares
 * nothing, so the file goes into the person's messages with the app; from there the answer may show it too.
 */
import type { WebClient } from '@slack/web-api'
import { conversationWith, type FilePlace, uploadFile } from '../slack/upload-file.ts'

export interface ChartFile {
  readonly png: Buffer
  readonly filename: string
  readonly title: string
  readonly altText: string
}

/** The id of the file, which Slack may still be processing. */
export async function shareChart(slack: WebClient, userId: string, chart: ChartFile): Promise<string> {
  const channelId = await conversationWith(slack, userId)
  return await uploadChart(slack, { channelId, threadTs: null }, chart)
}

/** Into a conversation, whose members may see it from then on. */
export const uploadChart = (
  slack: WebClient,
  place: FilePlace,
  { png, filename, title, altText }: ChartFile,
): Promise<string> => uploadFile(slack, place, { bytes: png, filename, title, altText })
