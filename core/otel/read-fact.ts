/** Reads one fact of a span by its names, the first that holds a value of the fact's type. */
import { LONE_SURROGATE } from '../event/bounded-json.ts'
import { type Fact, NAMES } from './attribute-names.ts'
import type { Attributes } from './otlp-span.ts'

/** A text that every store can hold and that is no longer than its field; null when nothing of it is left. */
export function textOf(attributes: Attributes, fact: Fact, charsMax: number): string | null {
  for (const name of NAMES[fact]) {
    const value = attributes.get(name)
    if (value === undefined) continue
    const text = cleanText(String(value), charsMax)
    if (text !== '') return text
  }
  return null
}

/** Emitters write counts as integers, as doubles and, some, as texts. What is no number is as good as absent. */
export function numberOf(attributes: Attributes, fact: Fact): number | null {
  for (const name of NAMES[fact]) {
    const value = attributes.get(name)
    const number =
      typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
  }
  return null
}

export function flagOf(attributes: Attributes, fact: Fact): boolean {
  return NAMES[fact].some((name) => attributes.get(name) === true || attributes.get(name) === 'true')
}

const CONTROLS = /\p{Cc}+/gu
const LONE_SURROGATES = new RegExp(LONE_SURROGATE, 'gu')

const cleanText = (text: string, charsMax: number): string =>
  // Cutting may split a pair, so the cut comes first.
  text.slice(0, charsMax).replace(CONTROLS, ' ').replace(LONE_SURROGATES, '').trim()
