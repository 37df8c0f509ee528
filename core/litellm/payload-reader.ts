/**
 * Reads what a StandardLoggingPayload of LiteLLM holds, one value at a time.
 * Invariant: a text that is read is one that every store can hold, no longer than asked; what is none is null.
 */
import { LONE_SURROGATE } from '../event/bounded-json.ts'
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'

const NOTHING: JsonObject = {}

export const objectAt = (parent: JsonObject, name: string): JsonObject => {
  const value = Object.hasOwn(parent, name) ? parent[name] : undefined
  return isJsonObject(value) ? value : NOTHING
}

export const numberAt = (parent: JsonObject, name: string): number | null => {
  const value = Object.hasOwn(parent, name) ? parent[name] : undefined
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export const textAt = (parent: JsonObject, name: string, charsMax: number): string | null =>
  textFrom(Object.hasOwn(parent, name) ? parent[name] : undefined, charsMax)

/** Null for a text that is too long: a name that was cut would be another name. */
export function textFrom(value: unknown, charsMax: number): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  const isStorable = text !== '' && text.length <= charsMax && !CONTROL.test(text)
  return isStorable && !LONE_SURROGATE.test(text) ? text : null
}

const CONTROL = /\p{Cc}/u
