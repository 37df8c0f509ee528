/**
 * What a project wants done with what is personal: an action for each kind, for ids that are personal, and for fields
 * that it names. Invariant: a policy that parsed is complete, so nothing behind asks again what was left out.
 */
import { DETECTED_KINDS, type DetectedKind, REDACTION_ACTIONS, type RedactionAction } from './kinds.ts'

export interface RedactionPolicy {
  /** Wherever the kind is found, but for ids; `allow` leaves the kind alone in ids too. */
  readonly kinds: Readonly<Record<DetectedKind, RedactionAction>>
  /** For a user_id or session_id that is personal, as a whole: hashed, so that spend per user stays per user. */
  readonly ids: RedactionAction
  /**
   * By lower-case name: at any depth of metadata, in tags, and `user_id`, `session_id`, `route` and `environment`
   * themselves. `allow` leaves the field as it is, prompt text included.
   */
  readonly fields: ReadonlyMap<string, RedactionAction>
  /** Metadata and tags whose names say that they hold prompts or completions. */
  readonly text: 'drop' | 'keep'
}

export const DEFAULT_POLICY: RedactionPolicy = {
  kinds: {
    email: 'redact',
    phone: 'redact',
    card: 'redact',
    iban: 'redact',
    national_id: 'redact',
    ip: 'redact',
    api_key: 'redact',
    jwt: 'redact',
  },
  ids: 'hash',
  fields: new Map(),
  text: 'drop',
}

export type ParsedPolicy =
  | { readonly kind: 'policy'; readonly policy: RedactionPolicy }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

const FIELDS_MAX = 200
const NAME_CHARS_MAX = 128

/** From jsonb, `{"kinds": {"email": "hash"}, "ids": "hash", "fields": {"customer": "drop"}, "text": "drop"}`. */
export function parseRedactionPolicy(value: unknown): ParsedPolicy {
  if (!isObject(value)) return { kind: 'bad', problems: ['the policy must be an object'] }
  const problems = Object.keys(value)
    .filter((name) => !MEMBERS.includes(name))
    .map((name) => `"${shown(name)}" is no part of a policy; it has ${MEMBERS.join(', ')}`)
  const policy: RedactionPolicy = {
    kinds: kindsOf(value.kinds, problems),
    ids: value.ids === undefined ? DEFAULT_POLICY.ids : actionOf(value.ids, { at: 'ids', problems }),
    fields: fieldsOf(value.fields, problems),
    text: textOf(value.text, problems),
  }
  return problems.length === 0 ? { kind: 'policy', policy } : { kind: 'bad', problems }
}

const MEMBERS: readonly string[] = ['kinds', 'ids', 'fields', 'text']

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function kindsOf(value: unknown, problems: string[]): RedactionPolicy['kinds'] {
  if (value === undefined) return DEFAULT_POLICY.kinds
  if (!isObject(value)) {
    problems.push('kinds must be an object of actions')
    return DEFAULT_POLICY.kinds
  }
  const kinds: Record<DetectedKind, RedactionAction> = { ...DEFAULT_POLICY.kinds }
  for (const [name, action] of Object.entries(value)) {
    const kind = DETECTED_KINDS.find((known) => known === name)
    if (kind === undefined) {
      problems.push(`kinds has no "${shown(name)}"; it has ${DETECTED_KINDS.join(', ')}`)
    } else kinds[kind] = actionOf(action, { at: `kinds.${kind}`, problems })
  }
  return kinds
}

function fieldsOf(value: unknown, problems: string[]): ReadonlyMap<string, RedactionAction> {
  if (value === undefined) return DEFAULT_POLICY.fields
  if (!isObject(value)) {
    problems.push('fields must be an object of actions by name')
    return DEFAULT_POLICY.fields
  }
  const entries = Object.entries(value)
  if (entries.length > FIELDS_MAX) {
    problems.push(`fields names ${entries.length} fields; it must name at most ${FIELDS_MAX}`)
  }
  const fields = new Map<string, RedactionAction>()
  for (const [name, action] of entries.slice(0, FIELDS_MAX)) {
    const key = name.toLowerCase()
    if (name === '' || name.length > NAME_CHARS_MAX) {
      problems.push(`a name in fields must have 1 to ${NAME_CHARS_MAX} characters`)
    } else if (fields.has(key)) {
      problems.push(`fields names "${shown(key)}" twice; names have no case`)
    } else fields.set(key, actionOf(action, { at: `fields["${shown(name)}"]`, problems }))
  }
  return fields
}

function actionOf(value: unknown, { at, problems }: { at: string; problems: string[] }): RedactionAction {
  const action = REDACTION_ACTIONS.find((known) => known === value)
  if (action === undefined) problems.push(`${at} must be one of ${REDACTION_ACTIONS.join(', ')}`)
  return action ?? 'redact'
}

function textOf(value: unknown, problems: string[]): RedactionPolicy['text'] {
  if (value === undefined || value === 'drop') return 'drop'
  if (value !== 'keep') problems.push('text must be drop or keep')
  return 'keep'
}

const shown = (name: string): string => name.slice(0, 64)
