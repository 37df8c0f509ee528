/**
 * The small language in which Block Kit's rules are written down: a check looks at one value and reports
 * what is wrong with it, in Slack's words, with the JSON pointer of the place.
 * Invariant: a check never throws, whatever it is given, and a property nobody named is an error.
 */
import type { Limit, LimitName } from './limits.ts'

export interface Fault {
  message: string
  pointer: string
  /** The row that was broken; null where no number is at stake. */
  limit: LimitName | null
}

export type Surface = 'message' | 'modal' | 'home'

export interface Inspection {
  surface: Surface
  faults: Fault[]
  /** Null when the file can be shown; otherwise why not. Only the workspace knows. */
  fileRefusal: (ref: { id?: string; url?: string }) => string | null
}

export type Check = (value: unknown, pointer: string, inspection: Inspection) => void
export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function report(
  inspection: Inspection,
  message: string,
  pointer: string,
  broken: Limit | null = null,
): void {
  inspection.faults.push({ message, pointer, limit: broken?.name ?? null })
}

export const anything: Check = () => {}

export const boolean: Check = (value, pointer, inspection) => {
  if (typeof value !== 'boolean') report(inspection, 'must provide a boolean', pointer)
}

export function string(within: Limit | null, pattern?: RegExp): Check {
  return (value, pointer, inspection) => {
    if (typeof value !== 'string') return report(inspection, 'must provide a string', pointer)
    if (within !== null && value.length < within.min)
      report(inspection, `must be more than ${within.min - 1} characters`, pointer, within)
    if (within !== null && value.length > within.max)
      report(inspection, `must be less than ${within.max + 1} characters`, pointer, within)
    if (pattern && !pattern.test(value))
      report(inspection, `input must match regex pattern: ${pattern.source}`, pointer)
  }
}

/** Text whose length is counted elsewhere, together with that of others. */
export const filled: Check = (value, pointer, inspection) => {
  string(null)(value, pointer, inspection)
  if (value === '') report(inspection, 'must be more than 0 characters', pointer)
}

export function number(kind: { within?: Limit; whole?: boolean } = {}): Check {
  const { within, whole = false } = kind
  return (value, pointer, inspection) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
      return report(inspection, whole ? 'must provide an integer' : 'must provide a number', pointer)
    if (within === undefined) return
    const { min, max } = within
    if (value < min) report(inspection, `must be greater than or equal to ${min}`, pointer, within)
    if (value > max) report(inspection, `must be less than or equal to ${max}`, pointer, within)
  }
}

export function oneOf(...allowed: string[]): Check {
  return (value, pointer, inspection) => {
    if (typeof value !== 'string' || !allowed.includes(value))
      report(inspection, `must be a valid enum value: ${allowed.join(', ')}`, pointer)
  }
}

export function url(within: Limit): Check {
  const length = string(within)
  return (value, pointer, inspection) => {
    length(value, pointer, inspection)
    if (typeof value === 'string' && !/^(https?|mailto|slack):/.test(value) && value !== '')
      report(inspection, 'invalid url', pointer)
    else if (typeof value === 'string' && value !== '' && !URL.canParse(value))
      report(inspection, 'invalid url', pointer)
  }
}

export function array(check: Check, within: Limit): Check {
  const { min, max } = within
  return (value, pointer, inspection) => {
    if (!Array.isArray(value)) return report(inspection, 'must provide an array', pointer)
    if (value.length < min) report(inspection, `no fewer than ${min} items allowed`, pointer, within)
    if (value.length > max) report(inspection, `no more than ${max} items allowed`, pointer, within)
    for (const [index, item] of value.entries()) check(item, `${pointer}/${index}`, inspection)
  }
}

export function object(shape: { required?: Record<string, Check>; optional?: Record<string, Check> }): Check {
  const required = shape.required ?? {}
  const optional = shape.optional ?? {}
  return (value, pointer, inspection) => {
    if (!isObject(value)) return report(inspection, 'must provide an object', pointer)
    for (const key of Object.keys(required))
      if (value[key] === undefined) report(inspection, `missing required field: ${key}`, pointer)
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key)
          ? optional[key]
          : undefined
      if (check === undefined) report(inspection, `invalid additional property: ${key}`, pointer)
      else if (item !== undefined) check(item, `${pointer}/${key}`, inspection)
    }
  }
}

/** Runs both: a shape, then a rule that looks at several of its properties. */
export function both(...checks: Check[]): Check {
  return (value, pointer, inspection) => {
    for (const check of checks) check(value, pointer, inspection)
  }
}

/** A rule over a whole object; it is not asked about anything that is no object. */
export function rule(judge: (value: Json, pointer: string, inspection: Inspection) => void): Check {
  return (value, pointer, inspection) => {
    if (isObject(value)) judge(value, pointer, inspection)
  }
}

/** Chooses the check by the object's `type`; a type that is not in the table is refused by name. */
export function byType(table: Record<string, Check>): Check {
  return (value, pointer, inspection) => {
    if (!isObject(value)) return report(inspection, 'must provide an object', pointer)
    const { type } = value
    if (type === undefined) return report(inspection, 'missing required field: type', pointer)
    const check = typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined
    if (check === undefined) return report(inspection, `unsupported type: ${String(type)}`, `${pointer}/type`)
    check(value, pointer, inspection)
  }
}

export function exactlyOne(...keys: string[]): Check {
  return rule((value, pointer, inspection) => {
    const given = keys.filter((key) => value[key] !== undefined)
    if (given.length !== 1) report(inspection, `must provide exactly one of: ${keys.join(', ')}`, pointer)
  })
}
