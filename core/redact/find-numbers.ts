/**
 * Cards, national ids and phone numbers among runs of digits. Longer groups are tried first; what has a check digit
 * may stand beside other numbers, what has none must stand alone.
 */
import { isCard, isCommonCard } from './is-card.ts'
import { isInternationalPhone, isNationalPhone, isPhoneByName } from './is-phone.ts'
import type { DetectedKind, Finding } from './kinds.ts'
import type { NameFacts } from './name-facts.ts'
import { hasIdShape, isNationalId } from './national-ids.ts'
import { digitsOf, type NumberRun, numberRunsOf } from './number-runs.ts'

const GROUPS_MAX = 8
const DIGITS = { min: 7, max: 19 }
const CONTEXT_CHARS = 28
/** A text with more numbers than this is a list of them: what is left with a + counts without a look at the plans. */
const CHECKED_MAX = 32

export function findNumbers(text: string, name: NameFacts): Finding[] {
  const found: Finding[] = []
  for (const run of numberRunsOf(text)) {
    let first = 0
    while (first < run.groups.length) {
      const window = longestFrom(text, { run, first, name, isPlenty: found.length >= CHECKED_MAX })
      if (window === null) {
        first += 1
        continue
      }
      found.push(window.finding)
      first = window.last + 1
    }
  }
  return found
}

interface Start {
  readonly run: NumberRun
  readonly first: number
  readonly name: NameFacts
  readonly isPlenty: boolean
}

/** Bounded: at most GROUPS_MAX windows begin at a group. */
function longestFrom(
  text: string,
  { run, first, name, isPlenty }: Start,
): { finding: Finding; last: number } | null {
  const lastMax = Math.min(first + GROUPS_MAX, run.groups.length) - 1
  for (let last = lastMax; last >= first; last -= 1) {
    const { from = 0 } = run.groups[first] ?? {}
    const { until = 0 } = run.groups[last] ?? {}
    if (until - from < DIGITS.min) return null
    const stands = standing(run, first, last)
    if (stands === 'inside') continue
    const digits = digitsOf(text, run, first, last)
    if (digits.length < DIGITS.min || digits.length > DIGITS.max) continue
    const window = { text, run, first, last, digits, name, stands, isPlenty }
    const kind = kindOf(window)
    if (kind !== null) return { finding: { kind, from: startOf(window, kind), until }, last }
  }
  return null
}

interface Window {
  readonly text: string
  readonly run: NumberRun
  readonly first: number
  readonly last: number
  readonly digits: string
  readonly name: NameFacts
  readonly stands: 'alone' | 'beside'
  readonly isPlenty: boolean
}

function kindOf(window: Window): DetectedKind | null {
  const { text, run, first, last, digits, name, stands } = window
  const shape = shapeOf(run, first, last)
  const isOne = first === last
  if (CARD_SHAPES.has(shape) ? isCard(digits) : isOne && isCommonCard(digits)) return 'card'
  if (isOne && isCard(digits) && (name.isCard || CARD_BEFORE.test(textBefore(window)))) return 'card'
  const plus = plusAt(window)
  if (plus !== null && (window.isPlenty || isInternationalPhone(text.slice(plus, run.groups[last]?.until)))) {
    return 'phone'
  }
  const isPhoneNamed = name.isPhone || PHONE_BEFORE.test(textBefore(window))
  const isBesideOther = stands === 'beside'
  if (!isPhoneNamed && hasIdShape(shape)) {
    const written = text.slice(run.groups[first]?.from, run.groups[last]?.until)
    const context = `${name.words} ${textBefore(window)}`
    if (isNationalId({ shape, digits, written, isBesideOther, context })) return 'national_id'
  }
  if (isBesideOther) return null
  if (isPhoneNamed) return isPhoneByName(digits) ? 'phone' : null
  if (isOne) return null
  const written = text.slice(startOf(window, 'phone'), run.groups[last]?.until)
  if (/^00[1-9]/.test(digits) && isInternationalPhone(written)) return 'phone'
  return isNationalPhone({ shape: isBracketed(window) ? `(${shape}` : shape, digits, written })
    ? 'phone'
    : null
}

/** `alone`: nothing numeric goes on at either side; `beside`: only after a space; `inside`: part of something longer. */
function standing(run: NumberRun, first: number, last: number): 'alone' | 'beside' | 'inside' {
  const before = first === 0 ? (run.isJoinedBefore ? '-' : null) : (run.gaps[first - 1] ?? '')
  const after = last === run.groups.length - 1 ? (run.isJoinedAfter ? '-' : null) : (run.gaps[last] ?? '')
  if (before === null && after === null) return 'alone'
  const isOpen = (gap: string | null): boolean => gap === null || /[ \u00a0]/.test(gap)
  return isOpen(before) && isOpen(after) ? 'beside' : 'inside'
}

function shapeOf(run: NumberRun, first: number, last: number): string {
  let shape = ''
  for (let at = first; at <= last; at += 1) {
    const { from, until } = run.groups[at] ?? { from: 0, until: 0 }
    shape += `${at === first ? '' : plain(run.gaps[at - 1] ?? '')}${until - from}`
  }
  return shape
}

/** No-break spaces as spaces, Unicode hyphens as dashes. */
const plain = (gap: string): string =>
  gap.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll(/[\u2010-\u2013]/g, '-')

/** As cards are embossed: by fours, American Express, Diners. */
const CARD_SHAPES: ReadonlySet<string> = new Set([
  ...[
    '4 4 4 4',
    '4-4-4-4',
    '4 6 5',
    '4-6-5',
    '4 6 4',
    '4-6-4',
    '4 4 4 2',
    '4-4-4-2',
    '4 4 4 4 3',
    '4-4-4-4-3',
  ],
])

/** Where a + belongs to this window: only before the first group of the run. */
const plusAt = ({ run, first }: Window): number | null => (run.hasPlus && first === 0 ? run.from : null)

const isBracketed = ({ text, run, first }: Window): boolean =>
  text.charAt((run.groups[first]?.from ?? 0) - 1) === '(' && (run.gaps[first] ?? '').startsWith(')')

function startOf(window: Window, kind: DetectedKind): number {
  const { run, first } = window
  const from = run.groups[first]?.from ?? 0
  if (kind !== 'phone') return from
  return plusAt(window) ?? (isBracketed(window) ? from - 1 : from)
}

function textBefore({ text, run, first }: Window): string {
  const from = run.groups[first]?.from ?? 0
  return text.slice(Math.max(0, from - CONTEXT_CHARS), from).toLowerCase()
}

/** The word must be the last thing before the number, with at most a few words between. */
const PHONE_BEFORE =
  /(?:^|[^\p{L}])(?:phone|phones|tel|telephone|telefon|mobile|mobil|cell|fax|whatsapp|sms|msisdn|handy)(?: (?:number|no|nr|is))?[ .:=#(]{0,3}$/u
const CARD_BEFORE =
  /(?:^|[^\p{L}])(?:card|visa|mastercard|amex|maestro|diners|discover|jcb|unionpay|pan|cc)(?: (?:number|no|nr|is))?[ .:=#"]{0,4}$/u
