/** The pieces of Block Kit that we use, as plain typed functions; texts are cut where Slack would refuse them. */
import type { types } from '@slack/bolt'
import type { NanoUsd } from '../../core/money.ts'

export type Block = types.KnownBlock
export type ModalView = types.ModalView

export const clip = (text: string, charsMax: number): string =>
  text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`

/** Slack's three control characters; whatever a customer named cannot become a mention or a link. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Also between asterisks or backticks: text with those in it, such as `gpt-4o*`, stays as it is, and so does `support_bot`. */
export const literal = (text: string): string =>
  escapeText(text).replaceAll(/[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\u200b$&')

/** What a customer named something. */
export const name = (text: string): string => literal(clip(text, 80))

export const plain = (text: string, charsMax = 3000): types.PlainTextElement => ({
  type: 'plain_text',
  text: clip(text, charsMax),
  emoji: true,
})
export const mrkdwn = (text: string): types.MrkdwnElement => ({ type: 'mrkdwn', text: clip(text, 3000) })

export const header = (text: string): Block => ({ type: 'header', text: plain(text, 150) })
export const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text) })
export const context = (text: string): Block => ({ type: 'context', elements: [mrkdwn(text)] })
export const divider = (): Block => ({ type: 'divider' })

export function button(
  text: string,
  actionId: string,
  value: string,
  extra: Partial<Pick<types.Button, 'style' | 'confirm'>> = {},
): types.Button {
  return { type: 'button', text: plain(text, 75), action_id: actionId, value, ...extra }
}

/**
 * An instant in the reader's own time zone, `today at 4:52 PM` while it is; in UTC where Slack cannot show it. The space
 * of no width in front: Slack writes the first letter large otherwise, in the middle of sentences too.
 */
export function instant(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000)
  return `<!date^${seconds}^\u200b{date_short_pretty} at {time}|${utc(at)}>`
}

export const utc = (at: Date): string =>
  `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })} ${at.toISOString().slice(11, 16)} UTC`

export const monthName = (at: Date): string =>
  at.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

export const calls = (count: number): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? 'call' : 'calls'}`

/** `one`, `one and two`, `one, two and three`. */
export const listed = (items: readonly string[]): string =>
  items.length <= 1 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`

/** A bar of ten: full only when the limit is reached, and never empty once something is spent. */
export function bar(part: NanoUsd, whole: NanoUsd, cells = 10): string {
  const exact = whole <= 0n ? 0 : Number((part * BigInt(cells)) / whole)
  const full = Math.min(cells, part > 0n ? Math.max(1, exact) : 0)
  return '▰'.repeat(full) + '▱'.repeat(cells - full)
}

/** `10 seconds`, `15 minutes`, `4 hours`, `1 day`. */
export function windowName(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const
  const [size, unit] = units.find(([size]) => seconds % size === 0) ?? ([1, 'second'] as const)
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** A person by id: a mention where it is Slack's id, the plain word where a command line or a job did it. */
export const who = (id: string): string => (/^[UW][A-Z0-9]+$/.test(id) ? `<@${id}>` : escapeText(id))
