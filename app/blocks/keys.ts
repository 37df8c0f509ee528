/** The answer to `/lens keys`. Invariant: a key is told by its prefix; the key itself is nowhere to be told. */
import { apiKeyState } from '../../core/api-key-life.ts'
import type { ListedApiKey } from '../../db/postgres/api-key-deeds.ts'
import { answerTable } from './answer-table.ts'
import type { Message } from './card.ts'
import { context, instant, section, utc } from './text.ts'

const KEYS_MAX = 90

export function keysMessage(keys: readonly ListedApiKey[], now: Date): Message {
  if (keys.length === 0) {
    const text = 'There is no API key yet. An admin makes one in App Home: open LensAI under Apps.'
    return { text, blocks: [section(text)] }
  }
  const works = (key: ListedApiKey) => ['live', 'replaced'].includes(apiKeyState(key, now).kind)
  const shown = [...keys.filter(works), ...keys.filter((key) => !works(key))].slice(0, KEYS_MAX)
  const rows = shown.map((key) => [
    ...[key.name, key.projectName, `${key.prefix}…`, key.scopes.join(', ')],
    ...[key.lastUsedAt === null ? 'never' : utc(key.lastUsedAt), endOf(key, now)],
  ])
  const text = `*${keys.length.toLocaleString('en-US')} ${keys.length === 1 ? 'key' : 'keys'}*, ${keys.filter(works).length} of them work`
  const more = keys.length - shown.length
  return {
    text: text.replaceAll('*', ''),
    blocks: [
      section(text),
      answerTable([['Name', 'Project', 'Key', 'May', 'Last used', 'Ends'], ...rows]),
      context(`${more > 0 ? `and ${more} more that ended  ·  ` : ''}as of ${instant(now)}`),
    ],
  }
}

function endOf(key: ListedApiKey, now: Date): string {
  const state = apiKeyState(key, now)
  if (state.kind === 'live' || state.kind === 'replaced')
    return state.until === null ? 'never' : utc(state.until)
  return `${state.kind} ${utc(state.at)}`
}
