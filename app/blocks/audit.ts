/** The answer to `/lens audit`: who did what, when and from where, the youngest deed first. */
import type { NamedDeed } from '../audit/read-audit.ts'
import type { Message } from './card.ts'
import { deedWords } from './deed-words.ts'
import { clip, context, instant, section, who } from './text.ts'

interface Audit {
  readonly deeds: readonly NamedDeed[]
  readonly hasMore: boolean
  /** Whose deeds alone; null for everybody's. */
  readonly actor: string | null
}

/** A section holds 3,000 characters, a deed at most about 500. */
const DEEDS_PER_SECTION = 5

export function auditMessage({ deeds, hasMore, actor }: Audit, now: Date): Message {
  if (deeds.length === 0) {
    const text = actor === null ? 'Nothing was done yet.' : `${actorWords(actor)} did nothing yet.`
    return { text, blocks: [section(text)] }
  }
  const lines = deeds.map(lineOf)
  const sections = Array.from({ length: Math.ceil(lines.length / DEEDS_PER_SECTION) }, (_, index) =>
    section(lines.slice(index * DEEDS_PER_SECTION, (index + 1) * DEEDS_PER_SECTION).join('\n')),
  )
  const whose = actor === null ? '' : ` by ${actorWords(actor)}`
  const heading = `*The last ${deeds.length === 1 ? 'deed' : `${deeds.length} deeds`}${whose}*`
  return {
    text: [heading, ...lines].join('\n').replaceAll('*', ''),
    blocks: [
      section(heading),
      ...sections,
      context(
        `${hasMore ? 'There are more: `GET /v1/audit` has all of them  ·  ' : ''}as of ${instant(now)}`,
      ),
    ],
  }
}

const lineOf = ({ deed, subjectName }: NamedDeed): string =>
  `${instant(deed.at)}  ·  ${actorWords(deed.actor)} ${deedWords(deed, subjectName)}  ·  ${ORIGINS[deed.origin] ?? 'elsewhere'}`

const actorWords = (actor: string): string => (actor === 'system' ? 'LensAI' : who(clip(actor, 80)))

const ORIGINS: Readonly<Record<string, string>> = {
  slack: 'in Slack',
  api: 'by API',
  cli: 'at a command line',
  ledger: 'as calls were counted',
  job: 'by the clock',
}
