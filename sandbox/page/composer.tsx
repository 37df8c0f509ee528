/** Where a person writes, and finds commands and shortcuts. */
import type { ReactNode } from 'react'
import type { Channel } from '../slack/workspace.ts'
import type { PaneProps } from './pane-props.ts'
import { GlobalShortcuts } from './shortcut-menus.tsx'

export function Composer({ workspace, shortcuts, channel }: PaneProps & { channel: Channel }): ReactNode {
  const target = `#${channel.name}`
  return (
    <div className="composer">
      <div className="composer__hints" id="hints" role="listbox" aria-label="Commands" tabIndex={-1} hidden />
      <GlobalShortcuts workspace={workspace} shortcuts={shortcuts} />
      <textarea
        className="composer__input"
        data-composer={channel.id}
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

/** As the manifest has it: the app writes there, people answer with buttons. */
export const ClosedComposer = (): ReactNode => (
  <p className="composer--closed">Sending messages to this app has been turned off.</p>
)
