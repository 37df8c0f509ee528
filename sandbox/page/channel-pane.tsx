/** A channel with its messages and composer, and the thread beside it. */
import type { ReactNode } from 'react'
import type { Channel, Message as MessageRecord, Workspace } from '../slack/workspace.ts'
import { AppHead } from './app-head.tsx'
import { ClosedComposer, Composer } from './composer.tsx'
import { Message } from './message.tsx'
import type { PaneProps } from './pane-props.ts'
import { LensSign } from './signs.tsx'

export function ChannelPane(props: PaneProps): ReactNode {
  const { workspace, userId, place } = props
  const channel = workspace.channels.find((one) => one.id === place)
  if (channel === undefined || !channel.members.includes(userId))
    return <p className="empty">There is no such channel.</p>
  const name = channel.imUserId === null ? `# ${channel.name}` : workspace.appName
  return (
    <section className="channel" aria-label={name} data-channel={channel.id}>
      {channel.imUserId === null ? (
        <header className="channel__head" id="head">
          <ChannelHead {...props} />
        </header>
      ) : (
        <AppHead {...props} />
      )}
      <div className="channel__messages" data-messages={channel.id} role="log" aria-label="Messages">
        <Messages {...props} />
      </div>
      {channel.imUserId === null ? <Composer {...props} channel={channel} /> : <ClosedComposer />}
    </section>
  )
}

export function ChannelHead({ workspace, place }: PaneProps): ReactNode {
  const channel = workspace.channels.find((one) => one.id === place)
  if (channel === undefined || channel.imUserId !== null) return null
  const hasApp = workspace.installed && channel.members.includes(workspace.botUserId)
  return (
    <>
      <h2># {channel.name}</h2>
      <span className="channel__topic">{channel.topic}</span>
      {hasApp ? (
        <span className="channel__has-app">
          <LensSign className="channel__sign" /> {workspace.appName} is in this channel
        </span>
      ) : workspace.installed ? (
        <button type="button" className="button button--small" data-invite={channel.id}>
          Invite {workspace.appName}
        </button>
      ) : null}
    </>
  )
}

export function Messages({ workspace, userId, place, shortcuts }: PaneProps): ReactNode {
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
        return [...line, <Message key={message.ts} {...{ message, workspace, shortcuts }} inThread={false} />]
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
      <p>{channel?.topic ? `${channel.topic}. ` : ''}This is the very beginning of the channel.</p>
    </>
  )
}

export interface ThreadProps extends PaneProps {
  threadTs: string
}

export function ThreadPane({ workspace, userId, place, shortcuts, threadTs }: ThreadProps): ReactNode {
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
          <Message key={message.ts} {...{ message, workspace, shortcuts }} inThread />
        ))}
      </div>
    </>
  )
}
