/**
 * Gives one person a chart. Slack shows a file only to people it is shared with, and an ephemeral message shares
 * nothing, so the file goes into the person's messages with the app; from there the answer may show it too.
 */
import type { WebClient } from '@slack/web-api'

export interface ChartFile {
  readonly png: Buffer
  readonly filename: string
  readonly title: string
  readonly altText: string
}

const UPLOAD_TIMEOUT_MS = 10_000

/** The id of the file, which Slack may still be processing. */
export async function shareChart(slack: WebClient, userId: string, chart: ChartFile): Promise<string> {
  const { channel } = await slack.conversations.open({ users: userId })
  if (!channel?.id) throw new Error('Slack opened a conversation and named no channel')
  return await uploadChart(slack, { channelId: channel.id, threadTs: null }, chart)
}

/** Into a conversation, whose members may see it from then on. */
export async function uploadChart(
  slack: WebClient,
  { channelId, threadTs }: { readonly channelId: string; readonly threadTs: string | null },
  { png, filename, title, altText }: ChartFile,
): Promise<string> {
  // The SDK's own method sends `alt_text`; Slack reads `alt_txt`.
  const asked = await slack.apiCall('files.getUploadURLExternal', {
    filename,
    length: png.length,
    alt_txt: altText,
  })
  const fileId = textOf(asked, 'file_id')
  const sent = await fetch(textOf(asked, 'upload_url'), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(png),
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  })
  if (!sent.ok) throw new Error(`Slack refused the bytes of a chart: HTTP ${sent.status}`)
  await slack.apiCall('files.completeUploadExternal', {
    files: [{ id: fileId, title }],
    channel_id: channelId,
    initial_comment: title,
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
  })
  return fileId
}

function textOf(answer: object, name: string): string {
  const value: unknown = Reflect.get(answer, name)
  if (typeof value !== 'string') throw new Error(`Slack's answer has no ${name}`)
  return value
}
