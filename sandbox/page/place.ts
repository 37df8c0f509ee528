/** Where an interactive element stands, and what it holds. */
import type { Json, ViewValues, Workspace } from '../slack/workspace.ts'

export interface Place {
  workspace: Workspace
  blockId: string
  values: ViewValues
  /** Acts at once when changed: in actions, beside a section, or an input that dispatches. */
  acts: boolean
  /** Names the control for a label outside it, and its hint or error. */
  controlId: string
  describedBy?: string
  invalid?: boolean
}

export interface ElementProps {
  element: Json
  place: Place
}
