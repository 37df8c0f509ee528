/** Says where a file of spend is, and what is in it. */
import type { Message } from './card.ts'
import { context, escapeText } from './text.ts'

export function csvMessage({
  filename,
  rows,
  isCut,
}: {
  readonly filename: string
  readonly rows: number
  readonly isCut: boolean
}): Message {
  const many = `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`
  const rest = isCut ? ' Beyond the 10,000 dearest, all are one row, _other_.' : ''
  const text = `${escapeText(filename)} with ${many} is in your messages with LensAI: exact amounts in USD, which add up to the total.${rest}`
  return { text: text.replaceAll('_', ''), blocks: [context(text)] }
}
