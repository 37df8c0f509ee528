/** Strict reading of a JSON object by field: a wrong, absent or unknown field is an error that names it. */
import { type NanoUsd, nanoUsd } from '../../core/money.ts'
import { JournalError } from './journal-error.ts'

export interface Fields {
  text(name: string): string
  textOrNull(name: string): string | null
  number(name: string): number
  numberOrNull(name: string): number | null
  flag(name: string): boolean
  instant(name: string): Date
  moneyOrNull(name: string): NanoUsd | null
  oneOf<Member extends string>(name: string, members: readonly Member[]): Member
  textRecord(name: string): Readonly<Record<string, string>>
  nested(name: string): Fields
  /** Throws if the object has a field that was not asked for. */
  end(): void
}

export function openFields(json: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new JournalError('event_unreadable', 'the line is not JSON', { cause: error })
  }
  if (!isRecord(value)) throw new JournalError('event_unreadable', 'the line is not a JSON object')
  return fieldsOf(value, '')
}

function fieldsOf(record: Readonly<Record<string, unknown>>, prefix: string): Fields {
  const asked = new Set<string>()
  const wrong = (name: string, expected: string) =>
    new JournalError('event_unreadable', `event field ${prefix}${name} is not ${expected}`)

  function take<Value>(name: string, expected: string, is: (value: unknown) => value is Value): Value {
    asked.add(name)
    const value = Object.hasOwn(record, name) ? record[name] : undefined
    if (!is(value)) throw wrong(name, expected)
    return value
  }

  return {
    text: (name) => take(name, 'a text', isText),
    textOrNull: (name) => take(name, 'a text or null', orNull(isText)),
    number: (name) => take(name, 'a finite number', isFiniteNumber),
    numberOrNull: (name) => take(name, 'a finite number or null', orNull(isFiniteNumber)),
    flag: (name) => take(name, 'true or false', isFlag),
    instant: (name) => {
      const at = new Date(take(name, 'an instant in epoch milliseconds', isFiniteNumber))
      if (Number.isNaN(at.getTime())) throw wrong(name, 'an instant in epoch milliseconds')
      return at
    },
    moneyOrNull: (name) => {
      const digits = take(name, 'whole nano-dollars as text, or null', orNull(isWholeDigits))
      return digits === null ? null : nanoUsd(BigInt(digits))
    },
    oneOf: <Member extends string>(name: string, members: readonly Member[]) => {
      const value = take(name, `one of ${members.join(', ')}`, isText)
      const member = members.find((candidate) => candidate === value)
      if (member === undefined) throw wrong(name, `one of ${members.join(', ')}`)
      return member
    },
    textRecord: (name) => take(name, 'an object of texts', isTextRecord),
    nested: (name) => fieldsOf(take(name, 'an object', isRecord), `${prefix}${name}.`),
    end: () => {
      const unknown = Object.keys(record).find((name) => !asked.has(name))
      if (unknown !== undefined) throw wrong(unknown, 'a field this version knows')
    },
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
const isFiniteNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value)
const isWholeDigits = (value: unknown): value is string => isText(value) && /^-?\d+$/.test(value)
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTextRecord = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.values(value).every(isText)
const orNull =
  <Value>(is: (value: unknown) => value is Value) =>
  (value: unknown): value is Value | null =>
    value === null || is(value)
