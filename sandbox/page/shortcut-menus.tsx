/** The menus of shortcuts: those for anywhere beside the composer, those of a message among its actions. */
import type { ReactNode } from 'react'
import type { RegisteredShortcut } from '../slack/shortcuts.ts'
import type { Workspace } from '../slack/workspace.ts'
import { LensSign } from './signs.tsx'

interface ShortcutsProps {
  workspace: Workspace
  shortcuts: readonly RegisteredShortcut[]
}

export function GlobalShortcuts({ workspace, shortcuts }: ShortcutsProps): ReactNode {
  const offered = shortcuts.filter(({ type }) => type === 'global')
  if (!workspace.installed || offered.length === 0) return null
  return (
    <details className="menu menu--up" data-menu="true">
      <summary className="icon-button" aria-label="Shortcuts" title="Shortcuts">
        <svg viewBox="0 0 20 20" role="presentation" aria-hidden="true">
          <path
            d="M11 2 4 11.500h5L8 18l8-10.500h-5.500z"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.500"
            strokeLinejoin="round"
          />
        </svg>
      </summary>
      <Items workspace={workspace} offered={offered} attributes={{}} />
    </details>
  )
}

export function MessageShortcuts({
  workspace,
  shortcuts,
  channelId,
  ts,
}: ShortcutsProps & { channelId: string; ts: string }): ReactNode {
  const offered = shortcuts.filter(({ type }) => type === 'message')
  if (!workspace.installed || offered.length === 0) return null
  return (
    <details className="menu" data-menu="true">
      <summary className="icon-button" aria-label="More actions" title="More actions">
        ⋮
      </summary>
      <Items
        workspace={workspace}
        offered={offered}
        attributes={{ 'data-channel': channelId, 'data-message': ts }}
      />
    </details>
  )
}

function Items({
  workspace,
  offered,
  attributes,
}: {
  workspace: Workspace
  offered: readonly RegisteredShortcut[]
  attributes: Record<string, string>
}): ReactNode {
  return (
    <div className="menu__items" role="menu">
      {offered.map(({ callbackId, name }) => (
        <button
          type="button"
          role="menuitem"
          className="menu__item"
          key={callbackId}
          data-shortcut={callbackId}
          {...attributes}
        >
          <LensSign className="menu__sign" />
          <span>{name}</span>
          <span className="menu__app">{workspace.appName}</span>
        </button>
      ))}
    </div>
  )
}
