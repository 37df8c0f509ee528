/** The short lists of Home: what reports, the keys, and what people changed lately. */
import type { ListedApiKey } from '../../db/postgres/api-key-deeds.ts'
import type { StoredDeed } from '../../db/postgres/audit-list.ts'
import { COMMAND } from '../ids.ts'
import type { HomeFacts } from './home-facts.ts'
import { type Block, calls, clip, instant, name, section, who } from './text.ts'

const KEYS_MAX = 8
const HOUR_MS = 60 * 60 * 1000

/** `1,204 calls · 3 keys reported in the last hour, the last at 12:00 · as of 12:01`. */
export function pulseText({ projects, keys, asOf }: HomeFacts): string {
  const events = projects.reduce((sum, project) => sum + project.events, 0)
  const used = keys.flatMap(({ lastUsedAt }) => (lastUsedAt === null ? [] : [lastUsedAt.getTime()]))
  const lately = used.filter((ms) => asOf.getTime() - ms < HOUR_MS).length
  const lastMs = used.length === 0 ? null : Math.max(...used)
  return [
    calls(events),
    ...(lastMs === null
      ? []
      : [`${countOf(lately)} reported in the last hour, the last ${instant(new Date(lastMs))}`]),
    `as of ${instant(asOf)}`,
  ].join('  ·  ')
}

const countOf = (count: number): string =>
  count === 0 ? 'no key' : `${count.toLocaleString('en-US')} ${count === 1 ? 'key' : 'keys'}`

export function keyBlocks({ keys }: HomeFacts): Block[] {
  if (keys.length === 0) return []
  const newest = [...keys].sort((a, b) => lastMsOf(b) - lastMsOf(a))
  const lines = newest.slice(0, KEYS_MAX).map((key) => {
    const used = key.lastUsedAt === null ? 'never used' : `last used ${instant(key.lastUsedAt)}`
    return `*${name(clip(key.name, 60))}*  ·  ${name(clip(key.projectName, 60))}  ·  ${used}`
  })
  const more = keys.length - KEYS_MAX
  return [
    section(
      ['*API keys*', ...lines, ...(more > 0 ? [`and ${more} more: \`${COMMAND} keys\``] : [])].join('\n'),
    ),
  ]
}

const lastMsOf = ({ lastUsedAt }: ListedApiKey): number => lastUsedAt?.getTime() ?? 0

export function deedBlocks(facts: HomeFacts): Block[] {
  if (facts.deeds.length === 0) return []
  const names = namesIn(facts)
  const lines = facts.deeds.map((deed) => {
    const subject = names.get(deed.subject)
    const about = subject === undefined ? '' : ` *${name(clip(subject, 60))}*`
    return `${deedWords(deed)}${about}  ·  ${who(clip(deed.actor, 60))}  ·  ${instant(deed.at)}`
  })
  return [section(['*Changed lately*', ...lines].join('\n'))]
}

/** Of what is still there. */
const namesIn = ({ budgets, keys, projects }: HomeFacts): ReadonlyMap<string, string> =>
  new Map([
    ...budgets.map(({ budget }) => [budget.id, budget.title] as const),
    ...keys.map((key) => [key.id, key.name] as const),
    ...projects.map((project) => [project.id, project.name] as const),
  ])

/** `budget.made` is `Budget made`, and `api_key.created` `API key created`. */
function deedWords({ action }: StoredDeed): string {
  const words = name(action.replaceAll(/[._]/g, ' ').replace(/^api /, 'API '))
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
