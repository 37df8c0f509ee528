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
  if (hasPlainWordsOnly(text)) return text
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

/**
 * Whether every text in it is a word that holds nothing, such as a tier or a modality. Names are left as they are, so
 * they are not looked at; the words are few and come again in every call, so they are remembered.
 */
function hasPlainWordsOnly(text: string): boolean {
  if (text.includes('\\')) return false
  let from = text.indexOf('"')
  while (from !== -1) {
    const end = text.indexOf('"', from + 1)
    if (end === -1) return false
    if (text.charCodeAt(end + 1) !== COLON && !isPlainWord(text.slice(from + 1, end))) return false
    from = text.indexOf('"', end + 1)
  }
  return true
}

const COLON = 0x3a
const WORDS_MAX = 1_000
const plainWords = new Set<string>()

function isPlainWord(word: string): boolean {
  if (plainWords.has(word)) return true
  if (word.length > WORD_CHARS_MAX || signsOf(word) !== 0) return false
  if (plainWords.size >= WORDS_MAX) plainWords.clear()
  plainWords.add(word)
  return true
}

const sizeOf = ({ counts }: Redaction): number => {
  let size = 0
  for (const times of counts.values()) size += times
  return size
}
