/** The head of the app's own pages: its Home, and what it writes to a person alone. */
import type { ReactNode } from 'react'
import { directChannel } from '../slack/workspace.ts'
import { addressOf, type PaneProps } from './pane-props.ts'
import { LensSign } from './signs.tsx'

export function AppHead({ workspace, userId, place }: PaneProps): ReactNode {
  const tab = (target: string, label: string) => (
    <a
      className="tabs__tab"
      href={addressOf(workspace, userId, target)}
      data-place={target}
      {...(place === target ? { 'aria-current': 'page' as const } : {})}
    >
      {label}
    </a>
  )
  return (
    <>
      <header className="channel__head home__head">
        <LensSign className="avatar avatar--app" />
        <h2>{workspace.appName}</h2>
        <span className="badge">APP</span>
      </header>
      <nav className="tabs" aria-label="App tabs">
        {tab('home', 'Home')}
        {tab(directChannel(workspace, userId).id, 'Messages')}
      </nav>
    </>
  )
}
