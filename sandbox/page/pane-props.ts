/** What every part of the window is drawn from. */
import type { Workspace } from '../slack/workspace.ts'

export interface PaneProps {
  workspace: Workspace
  userId: string
  /** A channel's id, or `home`. */
  place: string
}
