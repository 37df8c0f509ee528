/**
 * Reads a body or a query of the manage API and collects what is wrong with every field, so that a person sees all of it
 * at once. Invariant: once there is a problem, what was read is a placeholder; `finish` refuses.
 */
import { isJsonObject, type JsonObject } from '../../core/event/field-reader.ts'
import { parseInstant } from '../../core/event/rfc3339.ts'
import { showName, showValue } from '../../core/event/show-value.ts'
import { type NanoUsd, parseUsd, zeroUsd } from '../../core/money.ts'
import { type FieldProblem, Refusal } from '../errors.ts'

export interface Fields {
  has(name: string): boolean
  value(name: string): unknown
  text(name: string, charsMax: number): string
  textOrNull(name: string, charsMax: number): string | null
  /** A positive amount in USD, as a decimal string. */
  amount(name: string): NanoUsd
  integer(name: string, range: { readonly from: number; readonly to: number }): number
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T
  instantOrNull(name: string): Date | null
  complain(field: string, problem: string): void
  /** The value, unless anything was complained of. */
  finish<T>(value: T): T
}

export function readFields(given: unknown, known: readonly string[]): Fields {
  const fields: JsonObject = isJsonObject(given) ? given : {}
  const problems: FieldProblem[] = []
  const complain = (field: string, problem: string): void => {
    problems.push({ field, problem })
  }
  if (!isJsonObject(given) && given != null) complain('', 'must be an object')
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) complain(showName(name), `is not known here; there are ${known.join(', ')}`)
  }
  const has = (name: string): boolean => Object.hasOwn(fields, name) && fields[name] !== undefined
  const value = (name: string): unknown => (has(name) ? fields[name] : undefined)
  const invalid = (name: string, expected: string): void => {
    const said = has(name) ? `is ${showValue(value(name))}` : 'is missing'
    complain(name, `${said}; it must be ${expected}`)
  }
  const text = (name: string, charsMax: number): string => {
    const found = value(name)
    if (typeof found === 'string' && isText(found, charsMax)) return found
    invalid(name, `a text of 1 to ${charsMax} characters without control characters`)
    return ''
  }
  return {
    ...{ has, value, text, complain },
    textOrNull: (name, charsMax) => (value(name) == null ? null : text(name, charsMax)),
    amount: (name) => {
      const found = value(name)
      const amount = typeof found === 'string' && /^[\d.]+$/.test(found) ? parseUsd(found) : null
      if (amount !== null && amount > zeroUsd) return amount
      invalid(name, 'a decimal string in USD above zero, with at most nine places, such as "25.50"')
      return zeroUsd
    },
    integer: (name, { from, to }) => {
      const found = value(name)
      if (typeof found === 'number' && Number.isInteger(found) && found >= from && found <= to) return found
      invalid(name, `a whole number from ${from} to ${to}`)
      return from
    },
    choice: (name, choices, fallback) => {
      if (!has(name)) return fallback
      const choice = choices.find((known) => known === value(name))
      if (choice === undefined) invalid(name, `one of ${choices.join(', ')}`)
      return choice ?? fallback
    },
    instantOrNull: (name) => {
      const found = value(name)
      if (found == null) return null
      const at = typeof found === 'string' ? parseInstant(found) : null
      if (at === null) invalid(name, 'an RFC 3339 instant such as "2026-11-23T02:10:00Z"')
      return at
    },
    finish: (read) => {
      if (problems.length > 0) throw new Refusal('fields_invalid', { fields: problems })
      return read
    },
  }
}

/** Line breaks may stand in a reason; NUL and lone surrogates cannot be stored. */
const isText = (text: string, charsMax: number): boolean =>
  text.trim() !== '' && [...text].length <= charsMax && !BAD_CHARACTER.test(text)

const BAD_CHARACTER = /(?![\n\r\t])\p{Cc}|\p{Cs}/u
