/** Channels, the app, and who one is. */
import type { ReactNode } from 'react'
import { findUser } from '../slack/workspace.ts'
import { addressOf, type PaneProps } from './pane-props.ts'
import { Avatar, LensSign } from './signs.tsx'

export function Sidebar({ workspace, userId, place, installUrl }: PaneProps): ReactNode {
  const item = (target: string, label: ReactNode, attributes: Record<string, string>) => (
    <a
      key={target}
      className="side__item"
      href={addressOf(workspace, userId, target)}
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
      <h1 className="side__team">
        {workspace.teamName}
        {workspace.enterprise ? <small>{workspace.enterprise.name}</small> : null}
      </h1>
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
          <>
            <p className="side__note">{workspace.appName} is not in this workspace</p>
            {installUrl === null ? null : (
              <a className="side__item" href={installUrl} data-install="true">
                <span className="side__hash">+</span> Add {workspace.appName}
              </a>
            )}
          </>
        )}
        {direct && workspace.installed
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
