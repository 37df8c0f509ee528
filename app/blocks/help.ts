/** What `/lens help` and an unknown word answer. Nothing is listed that does not exist. */
import { COMMAND } from '../ids.ts'
import type { Message } from './card.ts'
import { context, escapeText, section } from './text.ts'

/** The subcommands that exist, each with what it does. */
export const SUBCOMMANDS = {
  spend: 'what was spent: `today`, `7d`, `30d` or `mtd`, then `by model`, `by user`, `by route` …',
  budget: 'set or change a budget: a project or all of them, what it covers, when it resets, where it stops',
  budgets: 'every budget, how full it is and in what state',
  stop: 'refuse every call of a project, or `everything`, at once: `stop support-bot the key leaked` (admins)',
  resume: 'let them pass again: `resume support-bot`, `resume everything` (admins)',
  settings: 'who may override a stop, for how long and how much (admins)',
  help: 'this text',
} as const

export type Subcommand = keyof typeof SUBCOMMANDS

export function helpMessage(ingestUrl: string): Message {
  const lines = Object.entries(SUBCOMMANDS).map(([word, does]) => `\`${COMMAND} ${word}\`  ${does}`)
  const text = `*LensAI: see every dollar of your LLM calls, and stop them at a budget.*\n${lines.join('\n')}`
  return {
    text,
    blocks: [
      section(text),
      section(`A chart comes with every \`by\`. Try \`${COMMAND} spend 7d by model\`.`),
      context(`SDKs send events to ${escapeText(ingestUrl)}`),
    ],
  }
}

/** Something we could not read: what, the nearest thing that exists, and the whole list. */
export function unknownMessage(said: string, suggestion: string | null, ingestUrl: string): Message {
  const help = helpMessage(ingestUrl)
  const text = `${escapeText(said)}${suggestion ? ` Did you mean \`${escapeText(suggestion)}\`?` : ''}`
  return { text, blocks: [section(text), ...help.blocks] }
}
