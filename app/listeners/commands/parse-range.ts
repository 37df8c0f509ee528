/** Reads the words that name a time. Whether it has begun is seen later, in the person's time zone. */
import { Temporal } from 'temporal-polyfill'
import { DAYS_MAX, type RangeAsked } from '../../spend/range.ts'
import { cut } from './words.ts'

export type ReadWords =
  | { readonly kind: 'read'; readonly range: RangeAsked; readonly wordsUsed: 1 | 2 }
  | { readonly kind: 'bad'; readonly problem: string }
  /** Names no time. */
  | { readonly kind: 'else' }

/** What is offered where a word is not understood. */
export const RANGE_WORDS = ['today', 'yesterday', '7d', '30d', 'mtd', 'last month'] as const
const EXAMPLE = '2026-11-01..2026-11-15'

export const RANGES_SAID = `${RANGE_WORDS.map((word) => `\`${word}\``).join(', ')}, or days such as \`${EXAMPLE}\``

export function readRange(word: string, next: string | undefined): ReadWords {
  const pair = `${word} ${next ?? ''}`
  if (pair === 'last month') return { kind: 'read', range: { kind: 'last_month' }, wordsUsed: 2 }
  if (pair === 'this month') return { kind: 'read', range: { kind: 'mtd' }, wordsUsed: 2 }
  if (word === 'today' || word === 'yesterday' || word === 'mtd') return one({ kind: word })
  if (word === 'month') return one({ kind: 'mtd' })
  const days = /^(\d{1,6})([dw])$/.exec(word)
  if (days) return readDays(Number(days[1]) * (days[2] === 'w' ? 7 : 1), word)
  return /^\d{4}-\d{2}/.test(word) || word.includes('..') ? readSpan(word) : { kind: 'else' }
}

const one = (range: RangeAsked): ReadWords => ({ kind: 'read', range, wordsUsed: 1 })
const bad = (problem: string): ReadWords => ({ kind: 'bad', problem })

function readDays(days: number, word: string): ReadWords {
  if (days >= 1 && days <= DAYS_MAX) return one({ kind: 'days', days })
  return bad(`\`${cut(word)}\` is no time that can be asked for: 1 to ${DAYS_MAX} days.`)
}

function readSpan(word: string): ReadWords {
  const parts = word.split('..')
  const [first = '', last = first] = parts
  const [from, to] = [dayOf(first), dayOf(last)]
  if (parts.length > 2 || from === null || to === null)
    return bad(`\`${cut(word)}\` names no days that I can read. Write them as \`${EXAMPLE}\`.`)
  if (Temporal.PlainDate.compare(from, to) > 0)
    return bad(
      `\`${cut(word)}\` ends before it begins. The first day comes first: \`${to.toString()}..${from.toString()}\`.`,
    )
  if (from.until(to).days >= DAYS_MAX)
    return bad(`\`${cut(word)}\` is longer than ${DAYS_MAX} days, which is the most that can be asked for.`)
  return one({ kind: 'span', first: from.toString(), last: to.toString() })
}

function dayOf(text: string): Temporal.PlainDate | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!parts) return null
  try {
    const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
