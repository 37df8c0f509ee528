/**
 * A scope in the form of the wire, which is also how Postgres keeps it:
 *
 *     {"provider": ["openai"], "model": ["gpt-4o*"], "environment": ["production"], "tags": {"team": ["search"]},
 *      "each": "user"}
 *
 * Fields that are left out are not asked for; a single text stands for a list of one. The project is not part of it.
 */
import { isJsonObject } from '../event/field-reader.ts'
import { showName, showValue } from '../event/show-value.ts'
import { EACH, type Each, type Match, SCOPE_FIELDS, type Scope, type ScopeField } from './scope.ts'

export type ParsedScope =
  | { readonly kind: 'parsed'; readonly scope: Omit<Scope, 'projectId'> }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

const VALUES_MAX = 50
const CHARS_MAX = 256
const TAGS_MAX = 16

export function parseScope(value: unknown): ParsedScope {
  if (!isJsonObject(value)) return { kind: 'bad', problems: ['scope must be an object'] }
  const problems = Object.keys(value)
    .filter((name) => !MEMBERS.includes(name))
    .map((name) => `scope has no "${showName(name)}"; it has ${MEMBERS.join(', ')}`)
  const fields: Partial<Record<ScopeField, readonly string[]>> = {}
  for (const field of SCOPE_FIELDS) {
    if (value[field] !== undefined) fields[field] = valuesOf(value[field], `scope.${field}`, problems)
  }
  const scope = { match: { fields, tags: tagsOf(value.tags, problems) }, each: eachOf(value.each, problems) }
  return problems.length === 0 ? { kind: 'parsed', scope } : { kind: 'bad', problems }
}

export function toScopeJson({ match, each }: Omit<Scope, 'projectId'>): Record<string, unknown> {
  const { fields, tags } = match
  return {
    ...fields,
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(each === null ? {} : { each }),
  }
}

const MEMBERS: readonly string[] = [...SCOPE_FIELDS, 'tags', 'each']

function valuesOf(value: unknown, at: string, problems: string[]): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (values.length === 0 || values.length > VALUES_MAX) {
    problems.push(`${at} lists ${values.length} values; it must list 1 to ${VALUES_MAX}`)
    return []
  }
  const texts = values.filter((text): text is string => isText(text))
  if (texts.length !== values.length) {
    const bad = values.find((text) => !isText(text))
    problems.push(`${at} holds ${showValue(bad)}; each value must be a text of 1 to ${CHARS_MAX} characters`)
  }
  return at === 'scope.provider' ? texts.map((text) => text.toLowerCase()) : texts
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= CHARS_MAX

function tagsOf(value: unknown, problems: string[]): Match['tags'] {
  if (value === undefined) return {}
  if (!isJsonObject(value)) {
    problems.push('scope.tags must be an object of lists by tag')
    return {}
  }
  const names = Object.keys(value)
  if (names.length > TAGS_MAX) problems.push(`scope.tags names ${names.length} tags; at most ${TAGS_MAX}`)
  return Object.fromEntries(
    names.map((name) => [name, valuesOf(value[name], `scope.tags.${showName(name)}`, problems)]),
  )
}

function eachOf(value: unknown, problems: string[]): Each | null {
  if (value === undefined || value === null) return null
  const each = EACH.find((known) => known === value)
  if (each === undefined) problems.push(`scope.each is ${showValue(value)}; it must be user or key`)
  return each ?? null
}
