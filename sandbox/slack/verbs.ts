/**
 * What tests and the page can do in the workspace, and read from it. Acts reach the app as signed HTTP.
 * Every verb is a promise, so that the client over HTTP is the same interface.
 */
import { type CommandResult, runTyped, type Typed } from './commands.ts'
import type { Delivery } from './deliver.ts'
import type { Events } from './events.ts'
import type { Grants } from './grants.ts'
import { openHome, type PressRequest, press, revokeTokens, uninstall } from './interactions.ts'
import type { Storm } from './rate-limits.ts'
import type { ApiCall, Delivered } from './sandbox-context.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import { type PickRequest, pickShortcut, type ShortcutDeps } from './shortcuts.ts'
import { closeView, type SubmitRequest, type SubmitResult, submitView } from './submissions.ts'
import {
  type Channel,
  type FileRecord,
  findUser,
  homeView,
  type Message,
  topModal,
  type User,
  type View,
} from './workspace.ts'

export interface SandboxVerbs {
  command: (typed: Typed) => Promise<CommandResult>
  press: (request: PressRequest) => Promise<Delivery>
  shortcut: (request: PickRequest) => Promise<Delivery>
  openHome: (request: { userId: string }) => Promise<Delivery>
  submitView: (request: SubmitRequest) => Promise<SubmitResult>
  closeView: (request: { userId: string; viewId: string }) => Promise<Delivery | null>
  uninstall: () => Promise<Delivery>
  /** Tells the app that tokens of these users were withdrawn. */
  tellRevoked: (tokens: { bot: readonly string[]; oauth: readonly string[] }) => Promise<Delivery>
  /** Answers the next calls of these methods with 429. */
  storm: (storm: Storm) => Promise<void>
  /** What everybody sees in a channel, without the replies that stand in threads. */
  messages: (channelId: string) => Promise<Message[]>
  /** The message and its replies. */
  thread: (channelId: string, ts: string) => Promise<Message[]>
  ephemerals: (userId: string) => Promise<Message[]>
  /** The modal on top of a person's stack. */
  modal: (userId: string) => Promise<View | null>
  home: (userId: string) => Promise<View | null>
  files: () => Promise<FileRecord[]>
  /** Every call of the Web API: its arguments without tokens, and its answer. */
  calls: () => Promise<ApiCall[]>
  deliveries: () => Promise<Delivered[]>
  users: () => Promise<User[]>
  /** As an admin of the workspace does: another kind of account, or none any more. */
  changeUser: (userId: string, change: Partial<Omit<User, 'id'>>) => Promise<void>
  channels: () => Promise<Channel[]>
}

export function buildVerbs(deps: ShortcutDeps, events: Events, grants: Grants | null): SandboxVerbs {
  const { context } = deps
  const workspace = context.workspace
  /** Copies, so that what a test holds does not change under it. */
  const copy = async <T>(value: T): Promise<T> => structuredClone(value)
  return {
    command: (typed) => runTyped(deps, typed),
    press: (request) => press(deps, request),
    shortcut: (request) => pickShortcut(deps, request),
    openHome: ({ userId }) => openHome(deps, events, userId),
    submitView: (request) => submitView(deps, request),
    closeView: (request) => closeView(deps, request),
    uninstall: () => uninstall(deps, events, grants),
    tellRevoked: (tokens) => revokeTokens(deps, events, tokens),
    storm: async (storm) => context.rateLimiter.storm(storm),
    messages: (channelId) =>
      copy(
        workspace().messages.filter(
          (one) =>
            one.channelId === channelId && one.visibleTo === null && (one.threadTs === null || one.broadcast),
        ),
      ),
    thread: (channelId, ts) =>
      copy(
        workspace().messages.filter(
          (one) =>
            one.channelId === channelId && one.visibleTo === null && (one.ts === ts || one.threadTs === ts),
        ),
      ),
    ephemerals: (userId) => copy(workspace().messages.filter((one) => one.visibleTo === userId)),
    modal: (userId) => copy(topModal(workspace(), userId) ?? null),
    home: (userId) => copy(homeView(workspace(), userId) ?? null),
    files: () => copy(workspace().files),
    calls: () => copy(context.calls),
    deliveries: () => copy(context.deliveries),
    users: () => copy(workspace().users),
    changeUser: async (userId, change) => {
      const user = findUser(workspace(), userId)
      if (!user) throw new SandboxRefusal('user_not_found', `there is no user ${userId}`)
      Object.assign(user, change)
    },
    channels: () => copy(workspace().channels),
  }
}
