/** One message: who, when, what, and what hangs on it. */
import type { ReactNode } from 'react'
import type { RegisteredShortcut } from '../slack/shortcuts.ts'
import { isObject } from '../slack/validate-shape.ts'
import { initialValues } from '../slack/view-values.ts'
import { findUser, type Message as MessageRecord, type Workspace } from '../slack/workspace.ts'
import { Blocks, fileAddress } from './blocks.tsx'
import { MessageShortcuts } from './shortcut-menus.tsx'
import { Avatar } from './signs.tsx'

export interface MessageProps {
  message: MessageRecord
  workspace: Workspace
  shortcuts: readonly RegisteredShortcut[]
  /** Within the thread pane nothing leads to the thread. */
  inThread: boolean
}

export function Message(props: MessageProps): ReactNode {
  const { message, workspace, inThread } = props
  const ephemeral = message.visibleTo !== null
  const author = authorOf(message, workspace)
  return (
    <article
      className={`message${ephemeral ? ' message--ephemeral' : ''}`}
      data-key={`${message.ts}${inThread ? '-thread' : ''}`}
      data-message-ts={message.ts}
      data-channel={message.channelId}
      {...(ephemeral ? { 'data-ephemeral': 'true' } : {})}
    >
      <Avatar name={author.name} app={author.app} />
      <div className="message__body">
        {ephemeral ? <div className="message__only-you">Only visible to you</div> : null}
        {message.broadcast && !inThread ? <div className="message__only-you">Replied to a thread</div> : null}
        <header className="message__head">
          <strong>{author.name}</strong>
          {author.app ? <span className="badge">APP</span> : null}
          <time data-ts={message.ts} />
        </header>
        <Content {...props} />
        {message.editedTs ? <span className="message__edited">(edited)</span> : null}
        {inThread || ephemeral ? null : <ThreadLink message={message} workspace={workspace} />}
      </div>
      {ephemeral ? null : <Tools {...props} />}
    </article>
  )
}

function authorOf(message: MessageRecord, workspace: Workspace): { name: string; app: boolean } {
  if (message.userId === 'USLACKBOT') return { name: 'Slackbot', app: false }
  const user = findUser(workspace, message.userId)
  return { name: user?.realName ?? message.userId, app: user?.isBot === true }
}

function Content({ message, workspace, inThread }: MessageProps): ReactNode {
  const scope = `m${message.ts.replace('.', '-')}${inThread ? 't' : ''}`
  const blocks = (list: unknown, part: string) => (
    <Blocks
      blocks={list}
      workspace={workspace}
      values={initialValues({ blocks: list })}
      errors={{}}
      scope={`${scope}-${part}`}
    />
  )
  const asSection = message.text === '' ? [] : [textBlock(message.text)]
  return (
    <>
      {blocks(message.blocks.length > 0 ? message.blocks : asSection, 'b')}
      {message.attachments.map((attachment, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: attachments have no id, and the markup is static.
          key={index}
          className="attachment"
          style={{ borderColor: typeof attachment.color === 'string' ? attachment.color : '#ddd' }}
        >
          {blocks(attachment.blocks ?? attachmentText(attachment), `a${index}`)}
        </div>
      ))}
      {message.fileIds.map((id) => (
        <FilePreview key={id} fileId={id} workspace={workspace} />
      ))}
    </>
  )
}

const textBlock = (text: string) => ({ type: 'section', block_id: 'text', text: { type: 'mrkdwn', text } })

function attachmentText(attachment: unknown) {
  const text = isObject(attachment) ? (attachment.text ?? attachment.fallback) : undefined
  return typeof text === 'string' && text !== '' ? [textBlock(text)] : []
}

function FilePreview({ fileId, workspace }: { fileId: string; workspace: Workspace }): ReactNode {
  const file = workspace.files.find((one) => one.id === fileId)
  if (file === undefined) return null
  const address = fileAddress({ id: fileId }, workspace)
  return (
    <figure className="file" data-file={fileId}>
      <figcaption>{file.title}</figcaption>
      {file.mimetype.startsWith('image/') ? (
        <img src={address} alt={file.altText || file.title} />
      ) : (
        <a href={address} download={file.name}>
          {file.name}
        </a>
      )}
    </figure>
  )
}

/** What can be done with the message: shown while it is pointed at, or has the keyboard. */
function Tools({ message, workspace, shortcuts, inThread }: MessageProps): ReactNode {
  const { channelId, ts } = message
  return (
    <div className="message__tools" role="toolbar" aria-label="Message actions">
      {inThread || repliesOf(message, workspace).length > 0 ? null : (
        <button
          type="button"
          className="message__tool"
          data-open-thread={message.threadTs ?? ts}
          data-channel={channelId}
        >
          Reply in thread
        </button>
      )}
      <MessageShortcuts {...{ workspace, shortcuts, channelId, ts }} />
    </div>
  )
}

function repliesOf(message: MessageRecord, { messages }: Workspace): MessageRecord[] {
  const threadTs = message.threadTs ?? message.ts
  return messages.filter((one) => one.threadTs === threadTs && one.visibleTo === null)
}

function ThreadLink({ message, workspace }: { message: MessageRecord; workspace: Workspace }): ReactNode {
  const replies = repliesOf(message, workspace)
  const last = replies.at(-1)
  if (last === undefined) return null
  return (
    <button
      type="button"
      className="thread-link"
      data-open-thread={message.threadTs ?? message.ts}
      data-channel={message.channelId}
    >
      <b>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</b>
      <span>
        Last reply <time data-ts={last.ts} />
      </span>
    </button>
  )
}
