/** The parts of the window: sidebar, a channel, a thread, Home, the modal on top. Each is one fragment. */
import type { ReactNode } from 'react'
import {
  type Channel,
  directChannel,
  findUser,
  homeView,
  type Message as MessageRecord,
  topModal,
  type View,
  type Workspace,
} from '../slack/workspace.ts'
import { Blocks } from './blocks.tsx'
import { Message } from './message.tsx'
import { Avatar, LensSign } from './signs.tsx'
import { words } from './words.tsx'

export interface PaneProps {
  workspace: Workspace
  userId: string
  /** A channel's id, or `home`. */
  place: string
}

export function Sidebar({ workspace, userId, place }: PaneProps): ReactNode {
  const item = (target: string, label: ReactNode, attributes: Record<string, string>) => (
    <a
      key={target}
      className="side__item"
      href={`/?user=${userId}&place=${target}`}
      data-place={target}
      {...(place === target ? { 'aria-current': 'page' as const } : {})}
      {...attributes}
    >
      {label}
    </a>
  )
  const channels = workspace.channels.filter((channel) => channel.imUserId === null)
  const direct = workspace.channels.find((channel) => channel.imUserId === userId)
  const appLabel = (
    <>
      <LensSign className="side__app" /> {workspace.appName}
    </>
  )
  return (
    <>
      <h1 className="side__team">{workspace.teamName}</h1>
      <div className="side__scroll">
        <h2>Channels</h2>
        {channels.map((channel) =>
          item(
            channel.id,
            <>
              <span className="side__hash">#</span> {channel.name}
            </>,
            { 'data-channel': channel.id },
          ),
        )}
        <h2>Apps</h2>
        {workspace.installed ? (
          item('home', appLabel, { 'data-home': 'true' })
        ) : (
          <p className="side__note">{workspace.appName} was uninstalled</p>
        )}
        {direct
          ? item(direct.id, <span className="side__direct">Messages from {workspace.appName}</span>, {
              'data-channel': direct.id,
            })
          : null}
      </div>
      <label className="side__user">
        <Avatar name={findUser(workspace, userId)?.realName ?? '?'} app={false} />
        <span>You are</span>
        <select data-user-switch="true" defaultValue={userId} aria-label="Who you are">
          {workspace.users
            .filter((user) => !user.isBot)
            .map((user) => (
              <option key={user.id} value={user.id}>
                {user.name}
                {user.isAdmin ? ' (admin)' : ''}
              </option>
            ))}
        </select>
      </label>
    </>
  )
}

export function ChannelPane({ workspace, userId, place }: PaneProps): ReactNode {
  const channel = workspace.channels.find((one) => one.id === place)
  if (channel === undefined || !channel.members.includes(userId))
    return <p className="empty">There is no such channel.</p>
  const name = channel.imUserId === null ? `# ${channel.name}` : workspace.appName
  return (
    <section className="channel" aria-label={name} data-channel={channel.id}>
      <header className="channel__head" id="head">
        <ChannelHead workspace={workspace} userId={userId} place={place} />
      </header>
      <div className="channel__messages" data-messages={channel.id} role="log" aria-label="Messages">
        <Messages workspace={workspace} userId={userId} place={place} />
      </div>
      <Composer target={name.replace('# ', '#')} channelId={channel.id} />
    </section>
  )
}

export function ChannelHead({ workspace, place }: PaneProps): ReactNode {
  const channel = workspace.channels.find((one) => one.id === place)
  if (channel === undefined) return null
  if (channel.imUserId !== null) return <h2>{workspace.appName}</h2>
  const hasApp = channel.members.includes(workspace.botUserId)
  return (
    <>
      <h2># {channel.name}</h2>
      <span className="channel__topic">{channel.topic}</span>
      {hasApp ? (
        <span className="channel__has-app">
          <LensSign className="channel__sign" /> {workspace.appName} is in this channel
        </span>
      ) : (
        <button type="button" className="button button--small" data-invite={channel.id}>
          Invite {workspace.appName}
        </button>
      )}
    </>
  )
}

export function Messages({ workspace, userId, place }: PaneProps): ReactNode {
  const seen = workspace.messages.filter(
    (message) =>
      message.channelId === place &&
      (message.visibleTo === null || message.visibleTo === userId) &&
      (message.threadTs === null || message.broadcast || message.visibleTo !== null),
  )
  const channel = workspace.channels.find((one) => one.id === place)
  return (
    <>
      <div className="beginning" data-key="beginning">
        <Beginning workspace={workspace} channel={channel} />
      </div>
      {seen.flatMap((message, index) => {
        const day = dayOf(message)
        const before = seen[index - 1]
        const line =
          before && dayOf(before) === day
            ? []
            : [
                <div className="day" key={`day-${day}`} data-key={`day-${day}`}>
                  <time data-day={message.ts} />
                </div>,
              ]
        return [
          ...line,
          <Message key={message.ts} message={message} workspace={workspace} inThread={false} />,
        ]
      })}
    </>
  )
}

const dayOf = (message: MessageRecord): number => Math.floor(Number(message.ts) / 86_400)

function Beginning({
  workspace,
  channel,
}: {
  workspace: Workspace
  channel: Channel | undefined
}): ReactNode {
  if (channel?.imUserId != null) return <p>This is where {workspace.appName} writes to you alone.</p>
  return (
    <>
      <strong># {channel?.name}</strong>
      <p>{channel?.topic}. This is the very beginning of the channel.</p>
    </>
  )
}

function Composer({ target, channelId }: { target: string; channelId: string }): ReactNode {
  return (
    <div className="composer">
      <div className="composer__hints" id="hints" role="listbox" aria-label="Commands" tabIndex={-1} hidden />
      <textarea
        className="composer__input"
        data-composer={channelId}
        rows={1}
        placeholder={`Message ${target}, or type / for commands`}
        aria-label={`Message ${target}`}
        aria-controls="hints"
        aria-autocomplete="list"
      />
      <button type="button" className="composer__send" data-send="true" aria-label="Send">
        <svg viewBox="0 0 20 20" role="presentation" aria-hidden="true">
          <path
            d="M2 2.500 18.500 10 2 17.500l2-7.500zM4 10h7"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.700"
            strokeLinejoin="round"
          />
        </svg>
      </button>
    </div>
  )
}

export interface ThreadProps extends PaneProps {
  threadTs: string
}

export function ThreadPane({ workspace, userId, place, threadTs }: ThreadProps): ReactNode {
  const messages = workspace.messages.filter(
    (message) =>
      message.channelId === place &&
      (message.ts === threadTs || message.threadTs === threadTs) &&
      (message.visibleTo === null || message.visibleTo === userId),
  )
  return (
    <>
      <header className="thread__head">
        <h2>Thread</h2>
        <button type="button" className="icon-button" data-close-thread="true" aria-label="Close thread">
          ✕
        </button>
      </header>
      <div className="thread__messages" data-thread={threadTs}>
        {messages.map((message) => (
          <Message key={message.ts} message={message} workspace={workspace} inThread />
        ))}
      </div>
    </>
  )
}

export function HomePane({ workspace, userId }: PaneProps): ReactNode {
  const view = homeView(workspace, userId)
  const messages = directChannel(workspace, userId)
  return (
    <section className="home" aria-label={`${workspace.appName} Home`}>
      <header className="channel__head home__head">
        <LensSign className="avatar avatar--app" />
        <h2>{workspace.appName}</h2>
        <span className="badge">APP</span>
      </header>
      <nav className="tabs" aria-label="App tabs">
        <a className="tabs__tab" aria-current="page" href={`/?user=${userId}&place=home`} data-place="home">
          Home
        </a>
        <a className="tabs__tab" href={`/?user=${userId}&place=${messages.id}`} data-place={messages.id}>
          Messages
        </a>
      </nav>
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
      <div className="modal__body">
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
