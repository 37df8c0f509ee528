/**
 * Reads the fields of one event by the table of docs/api.md and keeps the first problem.
 * Invariant: once `problem()` is set, what was read is a placeholder and the caller drops it.
 */
import { type NanoUsd, parseUsd, toUsdDecimal, zeroUsd } from '../money.ts'
import { boundedJson, type JsonBounds, LONE_SURROGATE, PLAIN } from './bounded-json.ts'
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
  text(name: string, charsMax: number, fallback?: string): string
  textOrNull(name: string, charsMax: number): string | null
  integer(name: string, range: IntegerRange, fallback?: number): number
  integerOrNull(name: string, range: IntegerRange): number | null
  flag(name: string): boolean
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T
  instant(name: string): Date
  amountOrNull(name: string, max: NanoUsd): NanoUsd | null
  tags(name: string, bounds: TagBounds): Readonly<Record<string, string>>
  json(name: string, bounds: JsonBounds): string
  problem(): Rejection | null
}

export const readFields = (fields: JsonObject): FieldReader => new Reader(fields)

/** A class for its speed: every event is read through one, and a closure a verb would cost more than the reading. */
class Reader implements FieldReader {
  private first: Rejection | null = null

  constructor(private readonly fields: JsonObject) {}

  text(name: string, charsMax: number, fallback?: string): string {
    const value = this.given(name)
    if (value === undefined) return fallback ?? this.missing(name, '')
    if (typeof value !== 'string') return this.invalid(name, `a string of 1 to ${charsMax} characters`, '')
    const problem = problemOfText(value, 1, charsMax)
    return problem === null ? value : this.refuse('field_invalid', `${name} ${problem}`, '')
  }

  textOrNull(name: string, charsMax: number): string | null {
    return this.given(name) == null ? null : this.text(name, charsMax)
  }

  integer(name: string, range: IntegerRange, fallback?: number): number {
    const value = this.given(name)
    if (value === undefined) return fallback ?? this.missing(name, 0)
    const inRange = typeof value === 'number' && Number.isInteger(value) && value >= range.from
    // Adding zero turns -0, which JSON can spell, into 0.
    if (inRange && value <= range.to) return value + 0
    const code =
      typeof value === 'number' && value < 0 ? (range.negativeCode ?? 'field_invalid') : 'field_invalid'
    const expected = `a whole number from ${range.from} to ${range.to}`
    return this.refuse(code, `${name} is ${showValue(value)}; it must be ${expected}`, 0)
  }

  integerOrNull(name: string, range: IntegerRange): number | null {
    return this.given(name) == null ? null : this.integer(name, range)
  }

  flag(name: string): boolean {
    const value = this.given(name)
    if (value === undefined) return false
    return typeof value === 'boolean' ? value : this.invalid(name, 'true or false', false)
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.given(name)
    if (value === undefined) return fallback
    for (const choice of choices) if (choice === value) return choice
    return this.invalid(name, `one of ${choices.join(', ')}`, fallback)
  }

  instant(name: string): Date {
    const value = this.given(name)
    if (value === undefined) return this.missing(name, new Date(0))
    const instant = typeof value === 'string' ? parseInstant(value) : null
    return (
      instant ?? this.invalid(name, 'an RFC 3339 instant such as "2026-11-23T02:10:00.000Z"', new Date(0))
    )
  }

  amountOrNull(name: string, max: NanoUsd): NanoUsd | null {
    const value = this.given(name)
    if (value === undefined) return null
    const amount = typeof value === 'string' && /^[\d.]+$/.test(value) ? parseUsd(value) : null
    if (amount !== null && amount <= max) return amount
    return this.invalid(
      name,
      `a decimal string in USD from "0" to "${toUsdDecimal(max)}", at most nine places`,
      zeroUsd,
    )
  }

  tags(name: string, bounds: TagBounds): Readonly<Record<string, string>> {
    const value = this.given(name)
    if (value === undefined) return {}
    if (!isJsonObject(value)) return this.invalid(name, 'an object of strings', {})
    const read = readTags(value, bounds)
    return typeof read === 'string' ? this.refuse('field_invalid', `${name} ${read}`, {}) : read
  }

  json(name: string, bounds: JsonBounds): string {
    const value = this.given(name)
    if (value === undefined) return '{}'
    if (!isJsonObject(value)) return this.invalid(name, 'an object', '{}')
    const json = boundedJson(value, bounds)
    return json.kind === 'json' ? json.text : this.refuse('field_invalid', `${name} ${json.reason}`, '{}')
  }

  problem(): Rejection | null {
    return this.first
  }

  private given(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined
  }

  private refuse<T>(code: RejectionCode, reason: string, placeholder: T): T {
    this.first ??= { code, reason }
    return placeholder
  }

  private missing<T>(name: string, placeholder: T): T {
    return this.refuse('field_missing', `${name} is missing; it is required`, placeholder)
  }

  private invalid<T>(name: string, expected: string, placeholder: T): T {
    const shown = showValue(this.given(name))
    return this.refuse('field_invalid', `${name} is ${shown}; it must be ${expected}`, placeholder)
  }
}

/** C0 and C1 controls and DEL: they break logs, CSV and Slack; NUL breaks Postgres. */
const CONTROL = /\p{Cc}/u

function problemOfText(value: string, charsMin: number, charsMax: number): string | null {
  if (value.length >= charsMin && value.length <= charsMax && PLAIN.test(value)) return null
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

/** The tags, or what is wrong with them. */
function readTags(
  tags: JsonObject,
  { tagsMax, keyCharsMax, valueCharsMax }: TagBounds,
): Record<string, string> | string {
  const keys = Object.keys(tags)
  if (keys.length > tagsMax) return `holds ${keys.length} tags; it must hold at most ${tagsMax}`
  const copy: Record<string, string> = {}
  for (const key of keys) {
    const value = tags[key]
    const keyProblem = problemOfText(key, 1, keyCharsMax)
    if (keyProblem) return `has a key "${showName(key)}" that ${keyProblem}`
    if (typeof value !== 'string') {
      return `has ${showValue(value)} under "${showName(key)}"; each value must be a string`
    }
    const valueProblem = problemOfText(value, 0, valueCharsMax)
    if (valueProblem) return `has under "${showName(key)}" a value that ${valueProblem}`
    // A tag of this name stays a tag, which an assignment would not make of it.
    if (key === '__proto__') Object.defineProperty(copy, key, { ...OWN, value })
    else copy[key] = value
  }
  return copy
}

const OWN = { configurable: true, enumerable: true, writable: true }
