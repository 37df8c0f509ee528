/** The workspaces at the window's edge, those of an organisation together, as Slack shows who is in several. */
import type { ReactNode } from 'react'
import type { Workspace } from '../slack/workspace.ts'
import type { PaneProps } from './pane-props.ts'

/** Nothing to switch to, nothing shown. */
export function Rail({
  workspace: here,
  workspaces,
}: Pick<PaneProps, 'workspace' | 'workspaces'>): ReactNode {
  if (workspaces.length < 2) return null
  return (
    <nav className="rail" aria-label="Workspaces">
      {groupsOf(workspaces).map(({ organisation, members }) => (
        <div
          className={`rail__group${organisation ? ' rail__group--organisation' : ''}`}
          key={members[0]?.teamId}
          {...(organisation ? { role: 'group', 'aria-label': `${organisation}, an organisation` } : {})}
        >
          {organisation ? <span className="rail__organisation">{organisation}</span> : null}
          {members.map((one) => (
            <a
              key={one.teamId}
              className="rail__workspace"
              href={`/?team=${one.teamId}`}
              title={one.teamName}
              aria-label={one.teamName}
              data-team={one.teamId}
              {...(one === here ? { 'aria-current': 'true' as const } : {})}
            >
              {one.teamName.slice(0, 1).toUpperCase()}
            </a>
          ))}
        </div>
      ))}
    </nav>
  )
}

interface Group {
  organisation: string | null
  members: Workspace[]
}

function groupsOf(workspaces: readonly Workspace[]): Group[] {
  const groups = new Map<string, Group>()
  for (const one of workspaces) {
    const { id, name } = one.enterprise ?? { id: one.teamId, name: null }
    const group = groups.get(id) ?? { organisation: name, members: [] }
    group.members.push(one)
    groups.set(id, group)
  }
  return [...groups.values()]
}
