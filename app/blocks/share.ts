/** The button below an answer that shows it to the channel, and what the channel then sees. */
import { ACTIONS, COMMAND } from '../ids.ts'
import type { Message } from './card.ts'
import { button, clip, context, literal, who } from './text.ts'

/** What the button carries: the words that were typed, and when, so that `today` stays the day that was shown. */
export interface ShareRef {
  readonly at: Date
  readonly text: string
}

const VALUE_CHARS_MAX = 2000

export const writeShareRef = ({ at, text }: ShareRef): string => `${at.getTime()}|${text}`

export function readShareRef(value: string | undefined): ShareRef | null {
  const [, ms, text] = /^(\d{1,15})\|(.*)$/s.exec(value ?? '') ?? []
  return ms === undefined || text === undefined ? null : { at: new Date(Number(ms)), text }
}

/** Without the button where the words are too long for one. */
export function withShareButton(message: Message, ref: ShareRef): Message {
  const value = writeShareRef(ref)
  if (value.length > VALUE_CHARS_MAX) return message
  const share = button('Share to channel', ACTIONS.shareAnswer, value)
  return { ...message, blocks: [...message.blocks, { type: 'actions', elements: [share] }] }
}

export const sharedMessage = (message: Message, by: string, text: string): Message => ({
  ...message,
  blocks: [
    ...message.blocks,
    context(`Shared by ${who(by)}  ·  ${literal(clip(`${COMMAND} ${text.trim()}`, 300))}`),
  ],
})
