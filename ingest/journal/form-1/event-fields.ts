/**
 * Strict reading of a JSON object by field: a wrong, absent or unknown field is an error that names it.
 * Plain functions over one small object.
 */
import { type NanoUsd, nanoUsd } from '../../../core/money.ts'
import { JournalError } from '../journal-error.ts'

export interface Fields {
  readonly record: Readonly<Record<string, unknown>>
  /** What stands before the names in errors, such as `tokens.`. */
  readonly prefix: string
  readonly asked: string[]
}

export function openFields(json: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new JournalError('event_unreadable', 'the line is not JSON', { cause: error })
  }
  if (!isRecord(value)) throw new JournalError('event_unreadable', 'the line is not a JSON object')
  return { record: value, prefix: '', asked: [] }
}

export function textOf(fields: Fields, name: string): string {
  const value = take(fields, name)
  return typeof value === 'string' ? value : refuse(fields, name, 'a text')
}

export function textOrNullOf(fields: Fields, name: string): string | null {
  const value = take(fields, name)
  return value === null || typeof value === 'string' ? value : refuse(fields, name, 'a text or null')
}

/** JSON has no NaN and no infinity, but `1e999` is read as one. */
export function numberOf(fields: Fields, name: string): number {
  const value = take(fields, name)
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(fields, name, 'a finite number')
}

export const numberOrNullOf = (fields: Fields, name: string): number | null =>
  fields.record[name] === null ? takeNull(fields, name) : numberOf(fields, name)

export function flagOf(fields: Fields, name: string): boolean {
  const value = take(fields, name)
  return typeof value === 'boolean' ? value : refuse(fields, name, 'true or false')
}

export function instantOf(fields: Fields, name: string): Date {
  const at = new Date(numberOf(fields, name))
  return Number.isNaN(at.getTime()) ? refuse(fields, name, 'an instant in epoch milliseconds') : at
}

export function moneyOrNullOf(fields: Fields, name: string): NanoUsd | null {
  const value = take(fields, name)
  if (value === null) return null
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return nanoUsd(BigInt(value))
  return refuse(fields, name, 'whole nano-dollars as text, or null')
}

export function memberOf<Member extends string>(
  fields: Fields,
  name: string,
  members: readonly Member[],
): Member {
  const value = take(fields, name)
  for (const member of members) if (member === value) return member
  return refuse(fields, name, `one of ${members.join(', ')}`)
}

export function textRecordOf(fields: Fields, name: string): Readonly<Record<string, string>> {
  const value = take(fields, name)
  return isTextRecord(value) ? value : refuse(fields, name, 'an object of texts')
}

export function nestedOf(fields: Fields, name: string): Fields {
  const value = take(fields, name)
  const record = isRecord(value) ? value : refuse(fields, name, 'an object')
  return { record, prefix: `${name}.`, asked: [] }
}

/** Throws if the object has a field that was not asked for. */
export function endFields(fields: Fields): void {
  const names = Object.keys(fields.record)
  if (names.length === fields.asked.length) return
  const unknown = names.find((name) => !fields.asked.includes(name))
  if (unknown !== undefined) refuse(fields, unknown, 'a field this version knows')
}

function take(fields: Fields, name: string): unknown {
  fields.asked.push(name)
  return fields.record[name]
}

function takeNull(fields: Fields, name: string): null {
  fields.asked.push(name)
  return null
}

function refuse(fields: Fields, name: string, expected: string): never {
  throw new JournalError('event_unreadable', `event field ${fields.prefix}${name} is not ${expected}`)
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTextRecord = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
