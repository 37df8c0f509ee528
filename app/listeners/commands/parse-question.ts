/** Reads a question about calls, its words in any order: a time, `by` what, which calls, in which form. */
import {
  type Cut,
  DIMENSIONS,
  type Dimension,
  type SpendFilter,
} from '../../../db/clickhouse/queries/scope.ts'
import type { RangeAsked } from '../../spend/range.ts'
import { nearest } from './nearest.ts'
import { RANGE_WORDS, RANGES_SAID, readRange } from './parse-range.ts'
import { cut, isOneOf, oneOfThese, unquoted } from './words.ts'

export const FORMATS = ['chart', 'table', 'csv'] as const
export type Format = (typeof FORMATS)[number]

export interface Question {
  readonly range: RangeAsked
  readonly by: Cut | null
  readonly filter: SpendFilter
  /** Null is the figures, and a chart where it says `by`. */
  readonly format: Format | null
}

export type ReadQuestion =
  | { readonly kind: 'question'; readonly question: Question }
  /** `mended` is what was probably meant. */
  | { readonly kind: 'bad'; readonly said: string; readonly mended: string | null }

const VALUES_MAX = 50

export function readQuestion(words: readonly string[]): ReadQuestion {
  let range: RangeAsked = { kind: 'mtd' }
  let by: Cut | null = null
  let format: Format | null = null
  const fields: Partial<Record<Dimension, readonly string[]>> = {}
  const tags = new Map<string, readonly string[]>()
  for (let at = 0; at < words.length; at += 1) {
    const typed = words[at] ?? ''
    const word = typed.toLowerCase()
    const isAfterBy = words[at - 1]?.toLowerCase() === 'by'
    const asked = isAfterBy ? ({ kind: 'else' } as const) : readRange(word, words[at + 1]?.toLowerCase())
    if (asked.kind === 'bad') return { kind: 'bad', said: asked.problem, mended: null }
    if (asked.kind === 'read') {
      range = asked.range
      at += asked.wordsUsed - 1
    } else if (word === 'by' && !isAfterBy && at + 1 < words.length) {
    } else if (word === 'by')
      return {
        ...{ kind: 'bad', said: `By what? ${oneOfThese(CUTS)}` },
        mended: [...words.slice(0, at + 1), 'model'].join(' '),
      }
    else if (isOneOf(word, FORMATS) && !isAfterBy) format = word
    else if (isOneOf(word, DIMENSIONS)) by = word
    else if (isAfterBy && /^tag:./.test(word)) by = { tag: unquoted(typed.slice(4)) }
    else {
      const filter = isAfterBy ? null : readFilter(typed)
      if (filter === null) return unknownWord(words, at, isAfterBy)
      if ('bad' in filter) return { kind: 'bad', said: filter.bad, mended: filter.mended }
      if (filter.field === 'tag') tags.set(filter.name, filter.values)
      else fields[filter.field] = filter.values
    }
  }
  return {
    kind: 'question',
    question: { range, by, format, filter: { fields, tags: Object.fromEntries(tags) } },
  }
}

type ReadFilter =
  | { readonly field: Dimension; readonly values: readonly string[] }
  | { readonly field: 'tag'; readonly name: string; readonly values: readonly string[] }
  | { readonly bad: string; readonly mended: null }

/** `model:gpt-4o*,o1`, `tag:team=search`; null where the word is no filter of ours. */
function readFilter(typed: string): ReadFilter | null {
  const [, field = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(typed) ?? []
  const name = field.toLowerCase()
  if (name !== 'tag' && !isOneOf(name, DIMENSIONS)) return null
  const [, tag = '', tagged = ''] = /^([^=]+)=(.*)$/s.exec(rest) ?? []
  const values = (name === 'tag' ? tagged : rest)
    .split(',')
    .map((value) => unquoted(value).trim())
    .filter((value) => value !== '')
  if (values.length === 0 || values.length > VALUES_MAX || (name === 'tag' && tag === '')) {
    const form = name === 'tag' ? 'tag:team=search' : `${name}:${EXAMPLES[name] ?? 'name'}`
    return {
      bad: `\`${cut(typed)}\` asks for no calls. Write it as \`${form}\`, with 1 to 50 values.`,
      mended: null,
    }
  }
  if (name === 'tag') return { field: 'tag', name: unquoted(tag), values }
  return { field: name, values: name === 'provider' ? values.map((value) => value.toLowerCase()) : values }
}

const EXAMPLES: Readonly<Partial<Record<Dimension, string>>> = {
  model: 'gpt-4o*',
  route: '/chat',
  status: 'error',
}
const CUTS = [...DIMENSIONS, 'tag:NAME']

function unknownWord(words: readonly string[], at: number, isAfterBy: boolean): ReadQuestion {
  const word = (words[at] ?? '').toLowerCase()
  const near = nearest(word, isAfterBy ? DIMENSIONS : [...RANGE_WORDS, ...DIMENSIONS, ...FORMATS])
  const said = isAfterBy
    ? `Calls cannot be cut by \`${cut(word)}\`. ${oneOfThese(CUTS)}`
    : `\`${cut(word)}\` is no time that I know: ${RANGES_SAID}. Or narrow it, as \`model:gpt-4o*\`: ${oneOfThese(CUTS)}`
  const mended = near && words.map((one, index) => (index === at ? near : one)).join(' ')
  return { kind: 'bad', said, mended }
}
