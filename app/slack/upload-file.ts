/** Gives a file to a conversation, whose members may see it from then on; Slack works on it for a while after. */
import type { WebClient } from '@slack/web-api'

export interface UploadedFile {
  readonly bytes: Buffer
  readonly filename: string
  readonly title: string
  /** What a picture shows, for who does not see it; null where it is none. */
  readonly altText: string | null
}

export interface FilePlace {
  readonly channelId: string
  readonly threadTs: string | null
}

const UPLOAD_TIMEOUT_MS = 10_000

/** The id of the file. */
export async function uploadFile(
  slack: WebClient,
  { channelId, threadTs }: FilePlace,
  { bytes, filename, title, altText }: UploadedFile,
): Promise<string> {
  // The SDK's own method sends `alt_text`; Slack reads `alt_txt`.
  const asked = await slack.apiCall('files.getUploadURLExternal', {
    filename,
    length: bytes.length,
    ...(altText === null ? {} : { alt_txt: altText }),
  })
  const fileId = textOf(asked, 'file_id')
  const sent = await fetch(textOf(asked, 'upload_url'), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  })
  if (!sent.ok) throw new Error(`Slack refused the bytes of a file: HTTP ${sent.status}`)
  await slack.apiCall('files.completeUploadExternal', {
    files: [{ id: fileId, title }],
    channel_id: channelId,
    initial_comment: title,
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
  })
  return fileId
}

/** The messages of a person with the app. */
export async function conversationWith(slack: WebClient, userId: string): Promise<string> {
  const { channel } = await slack.conversations.open({ users: userId })
  if (!channel?.id) throw new Error('Slack opened a conversation and named no channel')
  return channel.id
}

function textOf(answer: object, name: string): string {
  const value: unknown = Reflect.get(answer, name)
  if (typeof value !== 'string') throw new Error(`Slack's answer has no ${name}`)
  return value
}
