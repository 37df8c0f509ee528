/** The page around the panes: the script fills and refreshes them. */
import type { ReactNode } from 'react'
import { ChannelPane, ThreadPane } from './channel-pane.tsx'
import type { PaneProps } from './pane-props.ts'
import { Rail } from './rail.tsx'
import { Sidebar } from './sidebar.tsx'
import { typefaceStyles } from './typefaces.ts'
import { HomePane, ModalPane } from './view-panes.tsx'

export interface CommandHint {
  text: string
  about: string
}

export interface DocumentProps extends PaneProps {
  threadTs: string | null
  hints: readonly CommandHint[]
}

export function Document(props: DocumentProps): ReactNode {
  const { workspace, threadTs } = props
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`Slack · ${workspace.teamName} (local)`}</title>
        <link rel="icon" href="data:," />
        {typefaceStyles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        <link rel="stylesheet" href="/page/blocks.css" />
        <link rel="stylesheet" href="/page/page.css" />
        <link rel="stylesheet" href="/page/menus.css" />
        <script type="module" src="/page/main.js" />
      </head>
      <body
        data-team={workspace.teamId}
        data-user={props.userId}
        data-place={props.place}
        data-app={workspace.appName}
        data-hints={JSON.stringify(props.hints)}
        {...(threadTs ? { 'data-thread': threadTs } : {})}
      >
        <div className="topbar">
          <span className="topbar__name">{workspace.teamName}</span>
          <span className="topbar__note">A local stand-in for Slack: nothing leaves this machine</span>
        </div>
        <div className="frame">
          <Rail {...props} />
          <div className="window">
            <nav className="side" id="sidebar" aria-label="Channels and apps">
              <Sidebar {...props} />
            </nav>
            <main className="main" id="main">
              {props.place === 'home' ? <HomePane {...props} /> : <ChannelPane {...props} />}
            </main>
            <aside className="thread" id="thread" aria-label="Thread" hidden={threadTs === null}>
              {threadTs === null ? null : <ThreadPane {...props} threadTs={threadTs} />}
            </aside>
          </div>
        </div>
        <dialog id="modal" className="dialog" aria-labelledby="modal-title">
          <ModalPane {...props} />
        </dialog>
        <dialog id="confirm" className="dialog dialog--confirm" aria-labelledby="confirm-title" />
        <div id="toast" className="toast" role="status" hidden />
      </body>
    </html>
  )
}
