/** A chart before it is a picture: how it is drawn, what it says, and the same in words for who cannot see it. */
import type { TopLevelSpec } from 'vega-lite'
import type { SlackChart } from './slack-chart.ts'

export interface Chart {
  readonly spec: TopLevelSpec
  /** One sentence; the title in the picture too. */
  readonly finding: string
  /** The finding, then the figures. At most `ALT_TEXT_CHARS_MAX`. */
  readonly altText: string
  /** The same as Slack would draw it itself, or null where its block cannot hold it. */
  readonly slackChart: SlackChart | null
}

/** What Slack takes for a file. */
export const ALT_TEXT_CHARS_MAX = 1000

/** Cut between characters, never inside one. */
export const altTextFrom = (sentences: readonly string[]): string => {
  const text = sentences.filter((sentence) => sentence !== '').join(' ')
  if (text.length <= ALT_TEXT_CHARS_MAX) return text
  const cut = text.slice(0, ALT_TEXT_CHARS_MAX - 1)
  return `${cut.replace(/[\uD800-\uDBFF]$/, '')}…`
}

export const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`)
