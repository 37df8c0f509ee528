/**
 * Which calls a question about spend is about, as a condition of SQL; and where it can be answered from.
 * Invariant: only columns named here reach the SQL; values, patterns and names of tags are parameters.
 */
import { type Cut, DIMENSION_COLUMNS, DIMENSIONS, NO_FILTER, type SpendFilter } from './scope.ts'
import { anyModelOf, anyOf, type Bind } from './scope-filter.ts'
import type { Rollup } from './source.ts'

export function whereOf(filter: SpendFilter = NO_FILTER): {
  readonly where: string
  readonly params: Readonly<Record<string, unknown>>
} {
  const params: Record<string, unknown> = {}
  const bind: Bind = (value, type) => {
    const name = `filter${Object.keys(params).length}`
    params[name] = value
    return `{${name}:${type}}`
  }
  const fields = DIMENSIONS.flatMap((field) => {
    const patterns = filter.fields[field]
    if (patterns === undefined) return []
    return [field === 'model' ? anyModelOf(patterns, bind) : anyOf(DIMENSION_COLUMNS[field], patterns, bind)]
  })
  const tags = Object.entries(filter.tags).map(([name, patterns]) => {
    const tag = bind(name, 'String')
    return `(mapContains(tags, ${tag}) AND ${anyOf(`tags[${tag}]`, patterns, bind)})`
  })
  return { where: [...fields, ...tags].join(' AND '), params }
}

/** The rollup that has every column that is asked for. */
export function rollupFor(by: Cut | null, filter: SpendFilter = NO_FILTER): Rollup {
  if (typeof by === 'object' && by !== null) return 'none'
  if (Object.keys(filter.tags).length > 0) return 'none'
  const asked = [
    ...(by === null ? [] : [by]),
    ...DIMENSIONS.filter((one) => filter.fields[one] !== undefined),
  ]
  if (!asked.includes('user')) return 'spend_hourly'
  return asked.every((one) => one === 'user' || one === 'project') ? 'user_spend_hourly' : 'none'
}

/** The value that calls are grouped by; null where they carry none. */
export const groupOf = (
  by: Cut,
): { readonly column: string; readonly params: Readonly<Record<string, unknown>> } =>
  typeof by === 'object'
    ? {
        column: 'if(mapContains(tags, {groupTag:String}), tags[{groupTag:String}], NULL)',
        params: { groupTag: by.tag },
      }
    : { column: DIMENSION_COLUMNS[by], params: {} }
