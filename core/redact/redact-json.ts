/**
 * Metadata as JSON text, redacted at every depth: names, texts and whole numbers.
 * Invariant: the same string when nothing was found; never longer than `bytesMax`.
 */
import { findPersonal } from './find-personal.ts'
import type { NameFacts } from './name-facts.ts'
import { NO_NAME } from './name-facts.ts'
import type { NameRule, NameRules } from './name-rules.ts'
import { redactField, redactText } from './redact-text.ts'
import { count, type Redaction } from './redaction.ts'
import { signsOf } from './signs.ts'

export interface JsonBounds {
  readonly bytesMax: number
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** What a value becomes that the policy drops. */
const DROPPED = Symbol('dropped')
type Redacted = Json | typeof DROPPED

export function redactJson(text: string, redaction: Redaction, { bytesMax }: JsonBounds): string {
  if (!mayHold(text, redaction.rules)) return text
  const value: Json = JSON.parse(text)
  const before = new Map(redaction.counts)
  for (const strength of ['as asked', 'no hashes', 'drop'] as const) {
    redaction.counts.clear()
    for (const [kind, times] of before) redaction.counts.set(kind, times)
    const redacted = redactValue(value, NO_NAME, { ...redaction, strength })
    if (redacted === value) return text
    const json = JSON.stringify(redacted === DROPPED ? {} : redacted)
    if (json.length <= bytesMax && Buffer.byteLength(json, 'utf8') <= bytesMax) return json
  }
  return '{}'
}

/**
 * False when it is sure that nothing is to be changed. Escapes hide where a text ends, and a list holds values whose name
 * stands elsewhere, so a text that has any is read in full.
 */
const mayHold = (text: string, rules: NameRules): boolean =>
  text.length > '{}'.length && (text.includes('\\') || text.includes('[') || !isPlain(text, rules))

/** Most metadata is names and words that hold nothing: told without making values of them. */
function isPlain(text: string, rules: NameRules): boolean {
  let facts = NO_NAME
  let end = 0
  let from = text.indexOf('"')
  while (from !== -1) {
    if (from - end > BETWEEN_CHARS_MAX) return false
    end = text.indexOf('"', from + 1) + 1
    const token = text.slice(from + 1, end - 1)
    if (text.charCodeAt(end) === COLON) {
      const rule = rules(token)
      const holdsText = HOLDS_TEXT.has(text.charCodeAt(end + 1))
      if (holdsText ? !rule.isPlain : !rule.isPlainForNumbers) return false
      facts = rule.facts
    } else if (signsOf(token) !== 0 && findPersonal(token, facts).length > 0) return false
    from = text.indexOf('"', end)
  }
  return text.length - end <= BETWEEN_CHARS_MAX
}

const COLON = 0x3a
/** What a text or an object begins with. */
const HOLDS_TEXT: ReadonlySet<number> = new Set([0x22, 0x7b])
/** What stands between two texts and is longer may be a number that is looked at: `:1000000,`. */
const BETWEEN_CHARS_MAX = 8

/** The same value when nothing in it was found. */
function redactValue(value: Json, name: NameFacts, redaction: Redaction): Redacted {
  if (typeof value === 'string') {
    return redactText(value, redaction, { charsMax: Number.POSITIVE_INFINITY, name }) ?? DROPPED
  }
  if (typeof value === 'number') return redactNumber(value, name, redaction)
  if (typeof value !== 'object' || value === null) return value
  return isList(value) ? redactList(value, name, redaction) : redactObject(value, redaction)
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const NUMBER_MIN = 1_000_000

function redactNumber(value: number, name: NameFacts, redaction: Redaction): Redacted {
  if (!Number.isSafeInteger(value) || value < NUMBER_MIN) return value
  const text = String(value)
  const redacted = redactText(text, redaction, { charsMax: Number.POSITIVE_INFINITY, name })
  return redacted === text ? value : (redacted ?? DROPPED)
}

/** What is dropped from a list leaves null, so that the others keep their places. */
function redactList(values: readonly Json[], name: NameFacts, redaction: Redaction): Json {
  const redacted = values.map((value) => redactValue(value, name, redaction))
  if (redacted.every((value, at) => value === values[at])) return values
  return redacted.map((value) => (value === DROPPED ? null : value))
}

function redactObject(object: { readonly [name: string]: Json }, redaction: Redaction): Json {
  const entries: [string, Json][] = []
  const names = new Set<string>()
  let isSame = true
  for (const [name, value] of Object.entries(object)) {
    const redactedName = redactText(name, redaction, { charsMax: Number.POSITIVE_INFINITY })
    const redacted = redactedName === null ? DROPPED : redactMember(value, redaction.rules(name), redaction)
    if (redactedName !== name || redacted !== value) isSame = false
    if (redactedName !== null && redacted !== DROPPED) entries.push([apart(redactedName, names), redacted])
  }
  // `fromEntries` defines own properties, so that a member named `__proto__` stays one.
  return isSame ? object : Object.fromEntries(entries)
}

function redactMember(value: Json, rule: NameRule, redaction: Redaction): Redacted {
  const { action, drops, facts } = rule
  if (action === 'allow') return value
  if (action !== null) {
    if (value === null) return value
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const redacted = redactField(text, action, redaction)
    return redacted === text ? value : (redacted ?? DROPPED)
  }
  if (drops !== 'nothing' && holdsText(value)) {
    count(redaction, 'text')
    return DROPPED
  }
  return redactValue(value, facts, redaction)
}

const holdsText = (value: Json): boolean =>
  typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null

/** Two names that became one mark are told apart by a number. */
export function apart(name: string, names: Set<string>): string {
  let told = name
  for (let nth = 2; names.has(told); nth += 1) told = `${name} ${nth}`
  names.add(told)
  return told
}
