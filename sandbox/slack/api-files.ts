/**
 * `files.*`: ask for an address, post the bytes there, complete.
 * Invariant: a file can be shown in a block only when its processing is over; `files.info` tells, by `mimetype`.
 */
import {
  type Answer,
  channelToWrite,
  fileUrls,
  jsonArg,
  type Method,
  type MethodCall,
  missing,
  objectsIn,
  refuse,
  textArg,
} from './api-answer.ts'
import { readContent } from './api-chat.ts'
import { inspectPayload } from './inspect-payload.ts'
import { addMessage } from './messages.ts'
import type { SandboxContext } from './sandbox-context.ts'
import { breaks } from './validate-payload.ts'
import { type FileRecord, findChannel, type Json } from './workspace.ts'

const mimetypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  pdf: 'application/pdf',
}

const extension = (name: string): string => name.split('.').at(-1)?.toLowerCase() ?? ''

function getUploadUrl({ context, workspace, args }: MethodCall): Answer {
  const lacking = missing(args, 'filename', 'length')
  if (lacking) return lacking
  const bytesExpected = Number(args.length)
  if (!Number.isInteger(bytesExpected) || bytesExpected < 1) return refuse('missing_argument')
  const altText = textArg(args, 'alt_txt') ?? ''
  const faults = inspectPayload(context, { kind: 'file', bytes: bytesExpected, altText })
  if (breaks(faults, 'file.bytes')) return refuse('file_upload_size_restricted')
  if (breaks(faults, 'file.alt_txt')) return refuse('alt_txt_too_large')
  const name = textArg(args, 'filename') ?? ''
  const file: FileRecord = {
    id: context.id('F'),
    name,
    title: name,
    altText,
    mimetype: mimetypes[extension(name)] ?? 'application/octet-stream',
    bytesExpected,
    bytesStored: 0,
    state: 'expected',
    completedAtMs: null,
    channelIds: [],
    createdAtMs: context.now().getTime(),
  }
  workspace.files.push(file)
  return { ok: true, upload_url: `${context.publicUrl()}/upload/v1/${file.id}`, file_id: file.id }
}

/** The upload itself is no API method: bytes posted to the address given out. */
export async function storeUpload(
  context: SandboxContext,
  fileId: string,
  bytes: Buffer,
): Promise<'stored' | 'not_found' | 'wrong_length'> {
  const file = context.workspace().files.find((one) => one.id === fileId)
  if (file === undefined || file.state === 'completed') return 'not_found'
  if (bytes.length !== file.bytesExpected) return 'wrong_length'
  await context.files.put(file.id, bytes)
  file.bytesStored = bytes.length
  file.state = 'uploaded'
  return 'stored'
}

function completeUpload(call: MethodCall): Answer {
  const { context, workspace, args } = call
  const lacking = missing(args, 'files')
  if (lacking) return lacking
  const wanted = objectsIn(jsonArg(args, 'files'))
  const found = wanted.map((one) =>
    workspace.files.find((file) => file.id === one.id && file.state === 'uploaded'),
  )
  const files = found.filter((file) => file !== undefined)
  if (files.length === 0 || files.length !== wanted.length) return refuse('file_not_found')
  const channelId = textArg(args, 'channel_id') ?? textArg(args, 'channels')
  if (channelId !== null) {
    const refused = shareFiles(call, channelId, files)
    if (refused) return refused
  }
  for (const [index, file] of files.entries()) {
    const title = wanted[index]?.title
    file.title = typeof title === 'string' && title !== '' ? title : file.name
    file.state = 'completed'
    file.completedAtMs = context.now().getTime()
    if (channelId !== null) file.channelIds.push(channelId)
  }
  context.changed({ kind: 'workspace' })
  return { ok: true, files: files.map((file) => fileOnTheWire(context, file)) }
}

/** With `initial_comment`, Slack ignores `blocks`. */
function shareFiles(call: MethodCall, channelId: string, files: FileRecord[]): Answer | null {
  const { context, workspace, args } = call
  const place = channelToWrite(workspace, findChannel(workspace, channelId))
  if (place.kind === 'refused') return place.answer
  const comment = textArg(args, 'initial_comment')
  const hasContent = comment !== null || args.blocks !== undefined
  const content = hasContent
    ? readContent({ ...call, args: comment === null ? { blocks: args.blocks } : { text: comment } })
    : { content: { text: '', blocks: [], attachments: [] } }
  if ('refused' in content) return content.refused
  addMessage(context, {
    ...content.content,
    channelId: place.channel.id,
    userId: workspace.botUserId,
    threadTs: textArg(args, 'thread_ts'),
    fileIds: files.map((file) => file.id),
  })
  return null
}

function filesInfo({ context, workspace, args }: MethodCall): Answer {
  const lacking = missing(args, 'file')
  if (lacking) return lacking
  const file = workspace.files.find((one) => one.id === args.file && one.state === 'completed')
  return file ? { ok: true, file: fileOnTheWire(context, file), comments: [] } : refuse('file_not_found')
}

/** Until the file is processed Slack leaves its type empty: that is what an app polls for. */
function fileOnTheWire(context: SandboxContext, file: FileRecord): Json {
  const [privateUrl, permalink] = fileUrls(context, file)
  const ready = context.fileReady(file)
  return {
    id: file.id,
    created: Math.floor(file.createdAtMs / 1000),
    name: file.name,
    title: file.title,
    mimetype: ready ? file.mimetype : '',
    filetype: ready ? extension(file.name) : '',
    user: context.workspace().botUserId,
    mode: 'hosted',
    size: file.bytesStored,
    alt_txt: file.altText,
    channels: file.channelIds,
    url_private: privateUrl,
    url_private_download: `${privateUrl}?download=1`,
    permalink,
    file_access: 'visible',
  }
}

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': { scope: 'files:write', run: getUploadUrl },
  'files.completeUploadExternal': { scope: 'files:write', run: completeUpload },
  'files.info': { scope: 'files:read', run: filesInfo },
}
