/**
 * Whether looking for what is personal takes time by the length of a text and no more: each pattern that could send a
 * finder back and forth, again and again, in a text and in one four times as long.
 */
import { findPersonal } from '../core/redact/find-personal.ts'
import { NO_NAME } from '../core/redact/name-facts.ts'

const PATTERNS: readonly string[] = [
  ...[
    'a@',
    '@',
    '1-',
    '1 ',
    '+1 ',
    '(1) ',
    '123-45-6789 ',
    '1.1.1.',
    'a:',
    '::',
    'sk-',
    'eyJ',
    'eyJaaaaaaaa.',
    'x=',
    'token=',
  ],
  ...[
    '://a:',
    '-----BEGIN PRIVATE KEY-----',
    'DE89 ',
    'AB12CD',
    'a.',
    'a-a.',
    'Bearer ',
    '%40',
    '4242 ',
    '[email]',
    'é@é.',
  ],
]

const CHARS = 4_000
const LONGER = 4
/** Four times the text is four times the work; sixteen would be quadratic. */
export const RATIO_MAX = 11
/** Below this a clock tells nothing. */
const MS_MIN = 0.2
const TRIES = 5
const MEASURED_MAX = 4

/** The pattern that grows most, and how many times longer it takes in the longer text. */
export function worstGrowth(): { readonly pattern: string; readonly ratio: number } {
  let worst = { pattern: '', ratio: 0 }
  for (const pattern of PATTERNS) {
    msOf(pattern, CHARS / 2)
    const ratio = growthOf(pattern)
    if (ratio > worst.ratio) worst = { pattern, ratio }
  }
  return worst
}

/** Measured again when it seems too much, since another process may have come between. */
function growthOf(pattern: string): number {
  let least = Number.POSITIVE_INFINITY
  for (let left = MEASURED_MAX; left > 0 && least > RATIO_MAX; left -= 1)
    least = Math.min(least, msOf(pattern, CHARS * LONGER) / Math.max(msOf(pattern, CHARS), MS_MIN))
  return least
}

/** The least of several, since whatever else runs can only add to it. */
function msOf(pattern: string, chars: number): number {
  const text = pattern.repeat(Math.ceil(chars / pattern.length)).slice(0, chars)
  const tries = Array.from({ length: TRIES }, () => {
    const startedAt = performance.now()
    findPersonal(text, NO_NAME)
    return performance.now() - startedAt
  })
  return Math.min(...tries)
}
