/** Reads what a person typed after `/lens`: forgiving about order and case, exact about what exists. */
import { DIMENSIONS, type Dimension } from '../../../db/clickhouse/queries/scope.ts'
import { SUBCOMMANDS, type Subcommand } from '../../blocks/help.ts'
import { COMMAND } from '../../ids.ts'
import { RANGES, type Range } from '../../spend/read-spend.ts'

export type LensCommand =
  | { readonly kind: 'spend'; readonly range: Range; readonly by: Dimension | null }
  /** What is stopped, and why, is read once the projects are known. */
  | { readonly kind: 'stop' | 'resume'; readonly rest: string }
  | { readonly kind: PlainSubcommand }
  | { readonly kind: 'unknown'; readonly said: string; readonly suggestion: string | null }

type PlainSubcommand = Exclude<Subcommand, 'spend' | 'stop' | 'resume'>

export function parseLens(text: string): LensCommand {
  const [word = 'help', ...rest] = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (word === 'spend') return parseSpend(rest)
  if (word === 'stop' || word === 'resume') return { kind: word, rest: text.trim().slice(word.length).trim() }
  if (isOneOf(word, PLAIN_NAMES)) return { kind: word }
  const near = nearest(word, SUBCOMMAND_NAMES)
  const said = `There is no \`${COMMAND} ${cut(word)}\`.`
  return { kind: 'unknown', said, suggestion: near && `${COMMAND} ${[near, ...rest].join(' ')}` }
}

const SUBCOMMAND_NAMES = Object.keys(SUBCOMMANDS).filter((name): name is Subcommand => name in SUBCOMMANDS)
const PLAIN_NAMES = SUBCOMMAND_NAMES.filter(
  (name): name is PlainSubcommand => name !== 'spend' && name !== 'stop' && name !== 'resume',
)

function parseSpend(words: readonly string[]): LensCommand {
  let range: Range = 'mtd'
  let by: Dimension | null = null
  for (const [index, word] of words.entries()) {
    if (word === 'by') continue
    const isAfterBy = words[index - 1] === 'by'
    if (!isAfterBy && isOneOf(word, RANGES)) range = word
    else if (isOneOf(word, DIMENSIONS)) by = word
    else return unknownSpendWord(words, index, isAfterBy)
  }
  return words.at(-1) === 'by'
    ? {
        kind: 'unknown',
        said: `By what? ${oneOfThese(DIMENSIONS)}`,
        suggestion: `${COMMAND} spend ${words.join(' ')} model`,
      }
    : { kind: 'spend', range, by }
}

function unknownSpendWord(words: readonly string[], index: number, isAfterBy: boolean): LensCommand {
  const word = words[index] ?? ''
  const known = isAfterBy ? DIMENSIONS : [...RANGES, ...DIMENSIONS]
  const near = nearest(word, known)
  const said = isAfterBy
    ? `Spend cannot be cut by \`${cut(word)}\`. ${oneOfThese(DIMENSIONS)}`
    : `\`${cut(word)}\` is no time that I know. ${oneOfThese(RANGES)}`
  const mended = words.map((one, at) => (at === index ? near : one)).join(' ')
  return { kind: 'unknown', said, suggestion: near && `${COMMAND} spend ${mended}` }
}

const oneOfThese = (names: readonly string[]): string =>
  `One of ${names.map((name) => `\`${name}\``).join(', ')}.`
const cut = (word: string): string => (word.length <= 40 ? word : `${word.slice(0, 39)}…`).replaceAll('`', '')

const isOneOf = <Name extends string>(word: string, names: readonly Name[]): word is Name =>
  names.some((name) => name === word)

/** The known word within two letters of the typed one, if it is nearer than a different word would be. */
export function nearest(word: string, names: readonly string[]): string | null {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= 2 && best.distance < best.name.length ? best.name : null
}

/** Levenshtein's distance: letters put in, taken out or changed. Words are short, so the plain table will do. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a.slice(0, 40)].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j += 1) {
      const changed = (row[j] ?? 0) + (letter === b[j] ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
