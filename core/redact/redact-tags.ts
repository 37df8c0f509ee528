/** Tags, names and values. Invariant: the same object when nothing was found. */

import { apart } from './redact-json.ts'
import { redactField, redactText } from './redact-text.ts'
import { count, type Redaction } from './redaction.ts'
import { signsOf } from './signs.ts'

type Tags = Readonly<Record<string, string>>

const NAME = { charsMax: 64 }
const VALUE_CHARS_MAX = 256
/** Room for what tells two names apart. */
const APART_CHARS = 3

export function redactTags(tags: Tags, redaction: Redaction): Tags {
  const mayHold = Object.keys(tags).some(
    (name) => !redaction.rules(name).isPlain || signsOf(tags[name] ?? '') !== 0,
  )
  if (!mayHold) return tags
  let isSame = true
  const entries: [string, string][] = []
  const names = new Set<string>()
  for (const name of Object.keys(tags)) {
    const value = tags[name] ?? ''
    const redactedName = redactText(name, redaction, NAME)
    const redacted = redactedName === null ? null : redactValue(name, value, redaction)
    if (redactedName !== name || redacted !== value) isSame = false
    if (redactedName !== null && redacted !== null) entries.push([told(redactedName, names), redacted])
  }
  return isSame ? tags : Object.fromEntries(entries)
}

const told = (name: string, names: Set<string>): string =>
  apart(names.has(name) ? name.slice(0, NAME.charsMax - APART_CHARS) : name, names)

function redactValue(name: string, value: string, redaction: Redaction): string | null {
  const { action, drops, facts } = redaction.rules(name)
  if (action !== null) return redactField(value, action, redaction)
  // A tag is a label, so one called `system` is dropped only when it reads like a sentence.
  if (drops === 'all' ? value !== '' : drops === 'sentences' && /\s/.test(value)) {
    count(redaction, 'text')
    return null
  }
  return redactText(value, redaction, { charsMax: VALUE_CHARS_MAX, name: facts })
}
