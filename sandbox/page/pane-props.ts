/** What every part of the window is drawn from. */
import type { RegisteredShortcut } from '../slack/shortcuts.ts'
import type { Workspace } from '../slack/workspace.ts'

export interface PaneProps {
  workspace: Workspace
  /** All there are: who is in one may look at another. */
  workspaces: readonly Workspace[]
  userId: string
  /** A channel's id, or `home`. */
  place: string
  shortcuts: readonly RegisteredShortcut[]
  /** Where the app is added to a workspace; null where it is everywhere already. */
  installUrl: string | null
}

/** Where a place is shown. */
export const addressOf = (workspace: Workspace, userId: string, place: string): string =>
  `/?${new URLSearchParams({ team: workspace.teamId, user: userId, place })}`
