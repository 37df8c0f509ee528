/**
 * What a policy says of a name, remembered: the names of tags and metadata keys are the same in nearly every event.
 * Invariant: remembering changes no answer, and holds at most NAMES_MAX names a policy.
 */
import type { RedactionAction } from './kinds.ts'
import { type NameFacts, nameFacts } from './name-facts.ts'
import type { RedactionPolicy } from './policy.ts'
import { signsOf } from './signs.ts'

export interface NameRule {
  /** Of the project's own list. */
  readonly action: RedactionAction | null
  readonly facts: NameFacts
  /** Prompt or completion text that the policy drops: of any kind, or only when it reads like text. */
  readonly drops: 'nothing' | 'sentences' | 'all'
  /** The name asks for nothing, whatever its value, and holds nothing itself. */
  readonly isPlain: boolean
  /** As `isPlain`, if its value is no text and holds none. */
  readonly isPlainForNumbers: boolean
}

export type NameRules = (name: string) => NameRule

const NAMES_MAX = 4_096
const rulesOfPolicy = new WeakMap<RedactionPolicy, NameRules>()

export function nameRulesOf(policy: RedactionPolicy): NameRules {
  const known = rulesOfPolicy.get(policy)
  if (known !== undefined) return known
  const rules = remembering((name) => ruleOf(name, policy))
  rulesOfPolicy.set(policy, rules)
  return rules
}

function remembering(read: NameRules): NameRules {
  const remembered = new Map<string, NameRule>()
  return (name) => {
    const known = remembered.get(name)
    if (known !== undefined) return known
    const rule = read(name)
    if (remembered.size >= NAMES_MAX) remembered.clear()
    remembered.set(name, rule)
    return rule
  }
}

function ruleOf(name: string, { fields, text }: RedactionPolicy): NameRule {
  const action = fields.get(name.toLowerCase()) ?? null
  const facts = nameFacts(name)
  const isDropped = facts.isText && text === 'drop' && action === null
  const drops = isDropped ? (facts.isTextPerhaps ? 'sentences' : 'all') : 'nothing'
  const isPlainForNumbers = action === null && !facts.isSecret && signsOf(name) === 0
  return { action, facts, drops, isPlain: isPlainForNumbers && !isDropped, isPlainForNumbers }
}
