/**
 * What every part of the stand-in works with: the state, the clock, the ids, and who is told of a change.
 * Invariant: each timestamp given out is later than the one before, over restarts too, so a `ts` names one message.
 */
import { randomBytes } from 'node:crypto'
import { type Change, openChanges } from './changes.ts'
import type { FileStore } from './file-store.ts'
import { openRateLimiter, type RateLimiter } from './rate-limits.ts'
import { openTriggers, type Triggers } from './triggers.ts'
import type { Payload } from './validate-payload.ts'
import type { Fault } from './validate-shape.ts'
import type { FileRecord, SandboxState, Workspace } from './workspace.ts'

export interface SandboxLog {
  info: (details: Record<string, unknown>, message: string) => void
  warn: (details: Record<string, unknown>, message: string) => void
}

export interface ApiCall {
  atMs: number
  method: string
  args: Record<string, unknown>
  answer: Record<string, unknown>
  httpStatus: number
}

export interface Delivered {
  atMs: number
  kind: string
  outcome: 'acknowledged' | 'timed_out' | 'refused' | 'unreachable'
  httpStatus: number | null
  body: unknown
  tookMs: number
  retryNum: number
}

/** What of the app's payloads went through the validator, and what it refused. */
export interface Inspected {
  payloads: number
  refused: { payload: Payload; faults: Fault[] }[]
}

export interface SandboxContext {
  state: SandboxState
  workspace: () => Workspace
  /** The same sandbox, seen from another of its workspaces. */
  of: (workspace: Workspace) => SandboxContext
  now: () => Date
  log: SandboxLog
  /** Where the page and the API are reached; known once the server listens. */
  publicUrl: () => string
  changed: (change: Change) => void
  onChange: (listener: (change: Change) => void) => () => void
  nextTs: () => string
  id: (prefix: string) => string
  secret: () => string
  triggers: Triggers
  rateLimiter: RateLimiter
  files: FileStore
  fileProcessingMs: number
  fileReady: (file: FileRecord) => boolean
  calls: ApiCall[]
  deliveries: Delivered[]
  inspected: Inspected
  /** Types of blocks that this Slack does not take, as workspaces differ in what they have. */
  readonly blocksRefused: Set<string>
}

export interface ContextDeps {
  state: SandboxState
  now: () => Date
  log: SandboxLog
  publicUrl: () => string
  files: FileStore
  fileProcessingMs: number
  rateLimits: boolean
}

export const remembered = { callsMax: 5000, deliveriesMax: 5000 }

export function openContext(deps: ContextDeps): SandboxContext {
  const { state, now } = deps
  const changes = openChanges()
  const [first] = state.workspaces
  if (first === undefined) throw new Error('the snapshot holds no workspace: delete the file to start afresh')
  const context: SandboxContext = {
    ...deps,
    of: (workspace) => ({ ...context, workspace: () => workspace }),
    workspace: () => first,
    changed: changes.emit,
    onChange: changes.listen,
    nextTs: () => nextTs(state, now()),
    id: (prefix) => `${prefix}${randomBytes(6).toString('hex').toUpperCase().slice(0, 10)}`,
    secret: () => randomBytes(12).toString('hex'),
    triggers: openTriggers({ now }),
    rateLimiter: openRateLimiter({ now, enabled: deps.rateLimits }),
    fileReady: (file) =>
      file.state === 'completed' &&
      file.completedAtMs !== null &&
      now().getTime() - file.completedAtMs >= deps.fileProcessingMs,
    calls: [],
    deliveries: [],
    blocksRefused: new Set(),
    inspected: { payloads: 0, refused: [] },
  }
  return context
}

function nextTs(state: SandboxState, now: Date): string {
  state.lastTsMicros = Math.max(now.getTime() * 1000, state.lastTsMicros + 1)
  const seconds = Math.floor(state.lastTsMicros / 1e6)
  return `${seconds}.${String(state.lastTsMicros % 1e6).padStart(6, '0')}`
}
