/** Reads the words of `npm run rules` as a person types them. */
import { readWords } from '../operate/words.ts'

interface Asked {
  readonly by: string | null
  /** The file of what shall hold; null to show what holds. */
  readonly file: string | null
  readonly apply: boolean
  readonly org: string | null
}

export interface RedactionRules extends Asked {
  readonly subject: 'redaction'
  readonly project: string
  /** Back to the default policy. */
  readonly unset: boolean
}

export interface PriceRules extends Asked {
  readonly subject: 'prices'
}

export type RulesAsked = { readonly kind: 'rules' } & (RedactionRules | PriceRules)
export type RulesArguments = RulesAsked | { readonly kind: 'bad'; readonly problem: string }

export const RULES_USAGE = `usage: npm run rules -- SUBJECT, where SUBJECT is one of
  redaction --project PROJECT [--org ORG] [--set FILE | --unset] [--apply]
  prices [--org ORG] [--set FILE] [--apply]
PROJECT and ORG are a name or an id. Without --set what holds is shown, in the form that --set takes; with it what would
change, and --apply changes it. --by WHO names who asks in the audit trail.`

const OPTIONS = {
  by: { type: 'string' },
  org: { type: 'string' },
  set: { type: 'string' },
  apply: { type: 'boolean' },
} as const
const REDACTION = { ...OPTIONS, project: { type: 'string' }, unset: { type: 'boolean' } } as const

export function parseRulesArguments([subject = '', ...words]: readonly string[]): RulesArguments {
  if (subject === 'redaction') return redaction(words)
  if (subject === 'prices') return prices(words)
  return { kind: 'bad', problem: RULES_USAGE }
}

function redaction(words: readonly string[]): RulesArguments {
  const read = readWords(words, REDACTION)
  if (read.kind === 'bad') return bad(read.problem)
  if (read.positionals.length > 0) return bad('redaction takes options only')
  const { project, unset = false, set } = read.values
  if (project === undefined) return bad('--project is missing: the project whose policy is meant')
  if (unset && set !== undefined) return bad('--set and --unset cannot both be meant')
  const rest = asked(read.values)
  if (rest.apply && rest.file === null && !unset) return bad('--apply goes with --set or --unset')
  return { kind: 'rules', subject: 'redaction', project, unset, ...rest }
}

function prices(words: readonly string[]): RulesArguments {
  const read = readWords(words, OPTIONS)
  if (read.kind === 'bad') return bad(read.problem)
  if (read.positionals.length > 0) return bad('prices takes options only')
  const rest = asked(read.values)
  if (rest.apply && rest.file === null) return bad('--apply goes with --set')
  return { kind: 'rules', subject: 'prices', ...rest }
}

interface Values {
  readonly by?: string
  readonly org?: string
  readonly set?: string
  readonly apply?: boolean
}

const asked = ({ by, org, set, apply }: Values): Asked => ({
  by: by?.trim() || null,
  org: org ?? null,
  file: set ?? null,
  apply: apply ?? false,
})

const bad = (problem: string): RulesArguments => ({ kind: 'bad', problem: `${problem}\n${RULES_USAGE}` })
