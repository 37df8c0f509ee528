/** The app's views: its Home, and the modal on top of a person's stack. */
import type { ReactNode } from 'react'
import { homeView, topModal, type View, type Workspace } from '../slack/workspace.ts'
import { AppHead } from './app-head.tsx'
import { Blocks } from './blocks.tsx'
import type { PaneProps } from './pane-props.ts'
import { LensSign } from './signs.tsx'
import { words } from './words.tsx'

export function HomePane(props: PaneProps): ReactNode {
  const { workspace, userId } = props
  const view = homeView(workspace, userId)
  return (
    <section className="home" aria-label={`${workspace.appName} Home`}>
      <AppHead {...props} />
      <div className="home__view" {...(view ? { 'data-view-id': view.id } : {})} data-home-view="true">
        {view ? (
          <ViewBlocks view={view} workspace={workspace} />
        ) : (
          <p className="empty">{workspace.appName} has not published its Home yet.</p>
        )}
      </div>
    </section>
  )
}

function ViewBlocks({ view, workspace }: { view: View; workspace: Workspace }): ReactNode {
  return (
    <Blocks
      blocks={view.payload.blocks}
      workspace={workspace}
      values={view.values}
      errors={view.errors}
      scope={view.id}
    />
  )
}

/** Empty when no modal is open. */
export function ModalPane({ workspace, userId }: PaneProps): ReactNode {
  const view = topModal(workspace, userId)
  if (view === undefined) return null
  const { title, submit, close } = view.payload
  const trouble = view.errors['']
  return (
    <div className="modal" data-view-id={view.id} data-view-hash={view.hash}>
      <header className="modal__head">
        <LensSign className="modal__sign" />
        <h2 id="modal-title">{words(title, workspace)}</h2>
        <button type="button" className="icon-button" data-close-view="true" aria-label="Close">
          ✕
        </button>
      </header>
      <div className="modal__body" tabIndex={-1}>
        {trouble ? (
          <p className="modal__trouble" role="alert">
            {trouble}
          </p>
        ) : null}
        <ViewBlocks view={view} workspace={workspace} />
      </div>
      <footer className="modal__foot">
        <button type="button" className="button" data-close-view="true">
          {close ? words(close, workspace) : 'Cancel'}
        </button>
        {submit ? (
          <button type="button" className="button button--primary" data-submit-view="true">
            {words(submit, workspace)}
          </button>
        ) : null}
      </footer>
    </div>
  )
}
