/** What `/lens help` and an unknown word answer. Nothing is listed that does not exist. */
import { ACTIONS, COMMAND } from '../ids.ts'
import type { Message } from './card.ts'
import { type Block, button, context, escapeText, section } from './text.ts'

/** The subcommands that exist, each with what it does. */
export const SUBCOMMANDS = {
  spend:
    'what was spent: `7d`, `mtd`, `last month`, `2026-11-01..2026-11-15`, then `by model`, `by tag:team`, `model:gpt-4o*`, `table`',
  latency: 'p50, p95 and p99 of calls that ended well: `latency 7d by route`, `latency today model:gpt-4o*`',
  unpriced: 'models without a known price, and what to do about them: `unpriced 30d`',
  budget: 'set or change a budget: a project or all of them, what it covers, when it resets, where it stops',
  budgets: 'every budget, how full it is and in what state',
  keys: 'the API keys: what each may do, when it was last used, when it ends',
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

/** Something we could not read: what, the nearest thing that exists with a button that runs it, and the whole list. */
export function unknownMessage(said: string, suggestion: string | null, ingestUrl: string): Message {
  const help = helpMessage(ingestUrl)
  const text = `${escapeText(said)}${suggestion ? ` Did you mean \`${escapeText(suggestion)}\`?` : ''}`
  const isRunnable = suggestion !== null && suggestion.length <= VALUE_CHARS_MAX
  const run: Block[] = isRunnable
    ? [{ type: 'actions', elements: [button('Run it', ACTIONS.runSuggestion, suggestion)] }]
    : []
  return { text, blocks: [section(text), ...run, ...help.blocks] }
}

/** Of a button; Slack refuses more. */
const VALUE_CHARS_MAX = 2000
