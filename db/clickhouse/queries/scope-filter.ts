/**
 * A budget's scope as a condition of SQL over `events`, and the counter that a row falls under.
 * Invariant: what it says of a row is what core/budget/scope.ts says of the call. Patterns reach the server as
 * parameters, never as a part of the statement; a row without a route or a user is covered by no filter over it.
 */
import { SNAPSHOT_PATTERN } from '../../../core/budget/model-names.ts'
import { type Each, SCOPE_FIELDS, type Scope, type ScopeField } from '../../../core/budget/scope.ts'

export interface ScopeFilter {
  readonly where: string
  /** An expression for the counter. */
  readonly counter: string
  readonly params: Readonly<Record<string, unknown>>
}

export function filterOf(orgId: string, { projectId, match, each }: Scope): ScopeFilter {
  const params: Record<string, unknown> = {}
  const bind = (value: unknown, type: string): string => {
    const name = `scope${Object.keys(params).length}`
    params[name] = value
    return `{${name}:${type}}`
  }
  const conditions = [`org_id = ${bind(orgId, 'String')}`]
  if (projectId !== null) conditions.push(`project_id = ${bind(projectId, 'String')}`)
  for (const field of SCOPE_FIELDS) {
    const patterns = match.fields[field]
    if (patterns === undefined) continue
    conditions.push(
      field === 'model' ? anyModelOf(patterns, bind) : anyOf(FIELD_COLUMNS[field], patterns, bind),
    )
  }
  for (const [name, patterns] of Object.entries(match.tags)) {
    const tag = bind(name, 'String')
    conditions.push(`(mapContains(tags, ${tag}) AND ${anyOf(`tags[${tag}]`, patterns, bind)})`)
  }
  return { where: conditions.join(' AND '), counter: counterOf(each), params }
}

const FIELD_COLUMNS: Readonly<Record<ScopeField, string>> = {
  provider: 'provider',
  model: 'model',
  route: 'route',
  user: 'user_id',
  key: 'api_key_id',
  environment: 'environment',
}

/** As `namesOfModel` of core names a model. */
const FAMILY = `replaceRegexpOne(model, '${SNAPSHOT_PATTERN}', '')`
const MODEL_NAMES = ['model', FAMILY, `if(${FAMILY} = model, model, concat(${FAMILY}, '-latest'))`]

/** The model by any of its names. */
export const anyModelOf = (patterns: readonly string[], bind: Bind): string =>
  `(${MODEL_NAMES.map((column) => anyOf(column, patterns, bind)).join(' OR ')})`

/** Gives a value to the statement as a parameter, and answers how the statement names it. */
export type Bind = (value: unknown, type: string) => string

export function anyOf(column: string, patterns: readonly string[], bind: Bind): string {
  const names = patterns.filter((pattern) => !pattern.includes('*'))
  const starred = patterns.filter((pattern) => pattern.includes('*'))
  const either = [
    ...(names.length === 0 ? [] : [`${column} IN ${bind(names, 'Array(String)')}`]),
    ...starred.map((pattern) => `${column} LIKE ${bind(likeOf(pattern), 'String')}`),
  ]
  return either.length === 0 ? '0' : `(${either.join(' OR ')})`
}

/** What LIKE takes for more than itself is escaped first, so that only `*` stands for anything. */
const likeOf = (pattern: string): string => pattern.replaceAll(/[\\%_]/g, '\\$&').replaceAll(/\*+/g, '%')

/** As `counterNamed` of core names them. */
function counterOf(each: Each | null): string {
  if (each === null) return "''"
  return each === 'key' ? "concat('key:', api_key_id)" : "concat('user:', ifNull(user_id, ''))"
}
