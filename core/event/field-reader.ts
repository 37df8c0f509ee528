/**
 * Reads the fields of one event by the table of docs/api.md and keeps the first problem.
 * Invariant: once `problem()` is set, what was read is a placeholder and the caller drops it.
 */
import { type NanoUsd, parseUsd, toUsdDecimal, zeroUsd } from '../money.ts'
import { boundedJson, type JsonBounds, LONE_SURROGATE } from './bounded-json.ts'
import type { Rejection, RejectionCode } from './rejection.ts'
import { parseInstant } from './rfc3339.ts'
import { showName, showValue } from './show-value.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export interface IntegerRange {
  readonly from: number
  readonly to: number
  readonly negativeCode?: RejectionCode
}

export interface TagBounds {
  readonly tagsMax: number
  readonly keyCharsMax: number
  readonly valueCharsMax: number
}

/** Without a fallback a field is required: its absence is `field_missing`. */
export interface FieldReader {
  readonly text: (name: string, charsMax: number, fallback?: string) => string
  readonly textOrNull: (name: string, charsMax: number) => string | null
  readonly integer: (name: string, range: IntegerRange, fallback?: number) => number
  readonly integerOrNull: (name: string, range: IntegerRange) => number | null
  readonly flag: (name: string) => boolean
  readonly choice: <T extends string>(name: string, choices: readonly T[], fallback: T) => T
  readonly instant: (name: string) => Date
  readonly amountOrNull: (name: string, max: NanoUsd) => NanoUsd | null
  readonly tags: (name: string, bounds: TagBounds) => Readonly<Record<string, string>>
  readonly json: (name: string, bounds: JsonBounds) => string
  readonly problem: () => Rejection | null
}

export function readFields(fields: JsonObject): FieldReader {
  let first: Rejection | null = null
  const refuse = <T>(code: RejectionCode, reason: string, placeholder: T): T => {
    first ??= { code, reason }
    return placeholder
  }
  const missing = <T>(name: string, placeholder: T): T =>
    refuse('field_missing', `${name} is missing; it is required`, placeholder)
  const given = (name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined)
  const invalid = <T>(name: string, expected: string, placeholder: T): T =>
    refuse('field_invalid', `${name} is ${showValue(given(name))}; it must be ${expected}`, placeholder)

  const text: FieldReader['text'] = (name, charsMax, fallback) => {
    const value = given(name)
    if (value === undefined) return fallback ?? missing(name, '')
    if (typeof value !== 'string') return invalid(name, `a string of 1 to ${charsMax} characters`, '')
    const problem = problemOfText(value, { charsMin: 1, charsMax })
    return problem ? refuse('field_invalid', `${name} ${problem}`, '') : value
  }

  const integer: FieldReader['integer'] = (name, range, fallback) => {
    const value = given(name)
    if (value === undefined) return fallback ?? missing(name, 0)
    const inRange = typeof value === 'number' && Number.isInteger(value) && value >= range.from
    // Adding zero turns -0, which JSON can spell, into 0.
    if (inRange && value <= range.to) return value + 0
    const code =
      typeof value === 'number' && value < 0 ? (range.negativeCode ?? 'field_invalid') : 'field_invalid'
    const expected = `a whole number from ${range.from} to ${range.to}`
    return refuse(code, `${name} is ${showValue(value)}; it must be ${expected}`, 0)
  }

  return {
    text,
    textOrNull: (name, charsMax) => (given(name) == null ? null : text(name, charsMax)),
    integer,
    integerOrNull: (name, range) => (given(name) == null ? null : integer(name, range)),
    flag(name) {
      const value = given(name)
      if (value === undefined) return false
      return typeof value === 'boolean' ? value : invalid(name, 'true or false', false)
    },
    choice(name, choices, fallback) {
      const value = given(name)
      if (value === undefined) return fallback
      const chosen = choices.find((choice) => choice === value)
      return chosen ?? invalid(name, `one of ${choices.join(', ')}`, fallback)
    },
    instant(name) {
      const value = given(name)
      if (value === undefined) return missing(name, new Date(0))
      const instant = typeof value === 'string' ? parseInstant(value) : null
      return instant ?? invalid(name, 'an RFC 3339 instant such as "2026-11-23T02:10:00.000Z"', new Date(0))
    },
    amountOrNull(name, max) {
      const value = given(name)
      if (value === undefined) return null
      const amount = typeof value === 'string' && /^[\d.]+$/.test(value) ? parseUsd(value) : null
      if (amount !== null && amount <= max) return amount
      return invalid(
        name,
        `a decimal string in USD from "0" to "${toUsdDecimal(max)}", at most nine places`,
        zeroUsd,
      )
    },
    tags(name, bounds) {
      const value = given(name)
      if (value === undefined) return {}
      if (!isJsonObject(value)) return invalid(name, 'an object of strings', {})
      const problem = problemOfTags(value, bounds)
      return problem ? refuse('field_invalid', `${name} ${problem}`, {}) : copyOfTexts(value)
    },
    json(name, bounds) {
      const value = given(name)
      if (value === undefined) return '{}'
      if (!isJsonObject(value)) return invalid(name, 'an object', '{}')
      const json = boundedJson(value, bounds)
      return json.kind === 'json' ? json.text : refuse('field_invalid', `${name} ${json.reason}`, '{}')
    },
    problem: () => first,
  }
}

/** C0 and C1 controls and DEL: they break logs, CSV and Slack; NUL breaks Postgres. */
const CONTROL = /\p{Cc}/u

interface TextBounds {
  readonly charsMin: number
  readonly charsMax: number
}

function problemOfText(value: string, { charsMin, charsMax }: TextBounds): string | null {
  // A surrogate pair is one character to a person and to Postgres, two units to JavaScript.
  const chars = value.length <= charsMax ? value.length : [...value].length
  if (chars < charsMin || chars > charsMax) {
    return `is ${chars} characters long; it must be ${charsMin} to ${charsMax}`
  }
  if (CONTROL.test(value) || LONE_SURROGATE.test(value)) {
    return `is ${showValue(value)}; it must hold no control characters and no lone surrogates`
  }
  return null
}

function problemOfTags(tags: JsonObject, { tagsMax, keyCharsMax, valueCharsMax }: TagBounds): string | null {
  const entries = Object.entries(tags)
  if (entries.length > tagsMax) return `holds ${entries.length} tags; it must hold at most ${tagsMax}`
  for (const [key, value] of entries) {
    const keyProblem = problemOfText(key, { charsMin: 1, charsMax: keyCharsMax })
    if (keyProblem) return `has a key "${showName(key)}" that ${keyProblem}`
    if (typeof value !== 'string') {
      return `has ${showValue(value)} under "${showName(key)}"; each value must be a string`
    }
    const valueProblem = problemOfText(value, { charsMin: 0, charsMax: valueCharsMax })
    if (valueProblem) return `has under "${showName(key)}" a value that ${valueProblem}`
  }
  return null
}

/** `fromEntries` defines own properties, so that a tag named `__proto__` stays a tag. */
const copyOfTexts = (tags: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]))
