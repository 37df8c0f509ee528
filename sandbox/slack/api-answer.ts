/** The shapes in which the Web API answers and refuses, as @slack/web-api reads them. */

import type { SandboxContext } from './sandbox-context.ts'
import { describeFault } from './validate-payload.ts'
import type { Fault, Json } from './validate-shape.ts'
import { isObject } from './validate-shape.ts'
import type { Channel, FileRecord, Workspace } from './workspace.ts'

export type Answer = Json & { ok: boolean }

export interface MethodCall {
  context: SandboxContext
  workspace: Workspace
  args: Json
}

export interface Method {
  /** The scope a bot token needs; null when none does. */
  scope: string | null
  run: (call: MethodCall) => Answer
}

export const refuse = (error: string, more: Json = {}): Answer => ({ ok: false, error, ...more })

export function refuseWithFaults(error: string, faults: Fault[]): Answer {
  const described = faults.map(describeFault)
  return refuse(error, {
    errors: described,
    response_metadata: { messages: described.map((text) => `[ERROR] ${text}`) },
  })
}

export function refuseArguments(...messages: string[]): Answer {
  return refuse('invalid_arguments', {
    response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) },
  })
}

export function missing(args: Json, ...names: string[]): Answer | null {
  const absent = names.filter((name) => args[name] === undefined || args[name] === '')
  return absent.length === 0
    ? null
    : refuseArguments(...absent.map((name) => `missing required field: ${name}`))
}

export function textArg(args: Json, name: string): string | null {
  const value = args[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : null
}

/** Forms carry booleans as words. */
export function flagArg(args: Json, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1' || args[name] === 1
}

/** Blocks, views and files come as JSON, or as JSON in a string; `undefined` means absent, null unreadable. */
export function jsonArg(args: Json, name: string): unknown {
  const value = args[name]
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return null
  }
}

export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export type Place = { kind: 'found'; channel: Channel } | { kind: 'refused'; answer: Answer }

/** A channel that exists and has the app in it: the condition for anything written there. */
export function channelToWrite(workspace: Workspace, channel: Channel | undefined): Place {
  if (channel === undefined) return { kind: 'refused', answer: refuse('channel_not_found') }
  if (!channel.members.includes(workspace.botUserId))
    return { kind: 'refused', answer: refuse('not_in_channel') }
  return { kind: 'found', channel }
}

/** Slack's own words for a file that a block may not show (yet). */
export function fileRefusalIn(context: SandboxContext) {
  return (ref: { id?: string; url?: string }): string | null => {
    const file = context
      .workspace()
      .files.find(
        (one) => one.id === ref.id || (ref.url !== undefined && fileUrls(context, one).includes(ref.url)),
      )
    return file && context.fileReady(file) && file.mimetype.startsWith('image/') ? null : 'invalid slack file'
  }
}

export function fileUrls(context: SandboxContext, file: FileRecord): [privateUrl: string, permalink: string] {
  const { teamId } = context.workspace()
  const name = encodeURIComponent(file.name)
  return [
    `${context.publicUrl()}/files-pri/${teamId}-${file.id}/${name}`,
    `${context.publicUrl()}/files/${file.id}/${name}`,
  ]
}
