/** What `/lens help` and an unknown word answer. Nothing is listed that does not exist. */
import { ACTIONS, COMMAND } from '../ids.ts'
import type { Message } from './card.ts'
import { type Block, button, context, escapeText, section } from './text.ts'

/** The subcommands that exist, each with what it does and an example that runs. */
export const SUBCOMMANDS = {
  spend:
    'what was spent: a time as `7d`, `mtd`, `last month`, `2026-11-01..2026-11-15`; then `by model`, `by tag:team`, `model:gpt-4o*`, `table`, `csv`',
  compare: 'a time and the one before it, and what moved: `compare 7d by user`',
  forecast: 'when each budget is used up at this rate, or what it comes to',
  latency: 'p50, p95 and p99 of calls that ended well: `latency 7d by route`',
  errors: 'what share of calls failed, how and where: `errors today by route`, `errors 7d chart`',
  unpriced: 'models without a known price, and what to do about them: `unpriced 30d`',
  budget: 'set or change a budget: a project or all of them, what it covers, when it resets, where it stops',
  budgets: 'every budget, how full it is and in what state',
  digest:
    'spend, movers and budgets near their limits in a channel, daily or weekly; `digest now` shows you one',
  stop: 'refuse every call of a project, or `everything`, at once: `stop support-bot the key leaked` (admins, approvers)',
  resume: 'let them pass again: `resume support-bot`, `resume everything` (admins, approvers)',
  keys: 'the API keys: what each may do, when it was last used, when it ends',
  audit: 'who did what, when and from where: `audit 20`, `audit by @sam`, `audit by me`',
  people: 'your role, who has which, and who sees which project; admins change them: `people support-bot`',
  settings: 'who may override a stop, for how long and how much (admins)',
  help: 'this text',
} as const

export type Subcommand = keyof typeof SUBCOMMANDS

interface Group {
  readonly title: string
  readonly words: readonly Subcommand[]
}

export const GROUPS: readonly Group[] = [
  { title: 'What it costs', words: ['spend', 'compare', 'forecast', 'unpriced', 'digest'] },
  { title: 'How it runs', words: ['latency', 'errors'] },
  { title: 'What holds it', words: ['budget', 'budgets', 'stop', 'resume'] },
  { title: 'Who may, and who did', words: ['keys', 'audit', 'people', 'settings', 'help'] },
]

/** Whole commands that a newcomer can copy. */
export const EXAMPLES = [
  'spend 7d by model',
  'compare mtd by project',
  'spend last month by tag:team csv',
  'errors today by route',
] as const

export function helpMessage(ingestUrl: string): Message {
  const title = '*LensAI: see every dollar of your LLM calls, and stop them at a budget.*'
  const groups = GROUPS.map((group) =>
    [`*${group.title}*`, ...group.words.map((word) => `\`${COMMAND} ${word}\`  ${SUBCOMMANDS[word]}`)].join(
      '\n',
    ),
  )
  const examples = EXAMPLES.map((example) => `\`${COMMAND} ${example}\``).join('  ·  ')
  return {
    text: [title, ...groups].join('\n'),
    blocks: [
      section(title),
      ...groups.map(section),
      section(
        `*Try*  ${examples}\nWords come in any order. A chart comes with every \`by\` of spend, and *Share to channel* shows an answer to others.`,
      ),
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
