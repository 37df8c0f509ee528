/**
 * Reads a request body as strictly as OpenAI does: an unknown argument, a wrong type or a number out of range is
 * refused by name. Refusals are thrown as `Refused` and answered in one place.
 */
import { invalid, type Rejection } from './rejection.ts'

export class Refused extends Error {
  readonly rejection: Rejection
  constructor(rejection: Rejection) {
    super(rejection.message)
    this.rejection = rejection
  }
}

export type Body = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function parseBody(text: string): Body {
  try {
    const body: unknown = JSON.parse(text)
    if (isObject(body)) return body
  } catch {
    // Answered below: what is no JSON and what is no object get the same words.
  }
  throw new Refused(
    invalid('We could not parse the JSON body of your request. The body must be one JSON object.', null),
  )
}

export function refuseUnknown(body: Body, known: ReadonlySet<string>, where = ''): void {
  const unknown = Object.keys(body).find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new Refused(
      invalid(`Unrecognized request argument supplied: ${where}${unknown}`, `${where}${unknown}`),
    )
  }
}

/** A field that may be absent or null, both of which mean "not given". */
export function optionalInteger(body: Body, name: string, least: number, most: number): number | null {
  const value = body[name] ?? null
  if (value === null) return null
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new Refused(
      invalid(
        `Invalid type for '${name}': expected an integer, but got ${kindOf(value)} instead.`,
        name,
        'invalid_type',
      ),
    )
  }
  if (value < least) {
    throw new Refused(
      invalid(
        `Invalid '${name}': integer below minimum value. Expected a value >= ${least}, but got ${value} instead.`,
        name,
        'integer_below_min_value',
      ),
    )
  }
  if (value > most) {
    throw new Refused(
      invalid(
        `Invalid '${name}': integer above maximum value. Expected a value <= ${most}, but got ${value} instead.`,
        name,
        'integer_above_max_value',
      ),
    )
  }
  return value
}

export function optionalNumber(body: Body, name: string, least: number, most: number): void {
  const value = body[name] ?? null
  if (value === null) return
  if (typeof value !== 'number' || value < least || value > most) {
    throw new Refused(
      invalid(`Invalid '${name}': expected a number from ${least} to ${most}.`, name, 'invalid_value'),
    )
  }
}

export function optionalBoolean(body: Body, name: string): boolean {
  const value = body[name] ?? false
  if (typeof value !== 'boolean') {
    throw new Refused(
      invalid(
        `Invalid type for '${name}': expected a boolean, but got ${kindOf(value)} instead.`,
        name,
        'invalid_type',
      ),
    )
  }
  return value
}

export function requiredString(body: Body, name: string): string {
  const value = body[name]
  if (value === undefined || value === null || value === '') {
    throw new Refused(invalid(`you must provide a ${name} parameter`, name))
  }
  if (typeof value !== 'string') {
    throw new Refused(
      invalid(
        `Invalid type for '${name}': expected a string, but got ${kindOf(value)} instead.`,
        name,
        'invalid_type',
      ),
    )
  }
  return value
}

export const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`
