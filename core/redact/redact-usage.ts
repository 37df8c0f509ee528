/**
 * A provider's own usage object: counts and a few short words such as a service tier, and no place for text.
 * Invariant: numbers and names are never altered, because a cost may be computed from them again.
 */
import { NO_NAME } from './name-facts.ts'
import { redactText } from './redact-text.ts'
import { count, type Redaction } from './redaction.ts'
import { signsOf } from './signs.ts'

const WORD_CHARS_MAX = 64

export function redactUsage(text: string, redaction: Redaction): string {
  if (signsOf(text) === 0 && !hasLongOrEscaped(text)) return text
  const before = sizeOf(redaction)
  const usage = JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'string' ? redactWord(value, redaction) : value,
  )
  return sizeOf(redaction) === before ? text : usage
}

/** Longer than any word of a usage object is text, whoever put it there. */
function redactWord(word: string, redaction: Redaction): string | null {
  if (word.length <= WORD_CHARS_MAX) {
    return redactText(word, redaction, { charsMax: WORD_CHARS_MAX, name: NO_NAME })
  }
  count(redaction, 'text')
  return null
}

/** Between two quotes without an escape is a string, or the little that stands between two strings. */
function hasLongOrEscaped(text: string): boolean {
  let chars = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) return true
    chars = code === QUOTE ? 0 : chars + 1
    if (chars > WORD_CHARS_MAX) return true
  }
  return false
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

const sizeOf = ({ counts }: Redaction): number => {
  let size = 0
  for (const times of counts.values()) size += times
  return size
}
