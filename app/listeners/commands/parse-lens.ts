/** Reads what a person typed after `/lens`: forgiving about order and case, exact about what exists. */
import { SUBCOMMANDS, type Subcommand } from '../../blocks/help.ts'
import { COMMAND } from '../../ids.ts'
import { nearest } from './nearest.ts'
import { type Question, readQuestion } from './parse-question.ts'
import { cut, isOneOf, wordsOf } from './words.ts'

const QUESTIONS = ['spend', 'latency', 'errors', 'compare', 'unpriced'] as const
type QuestionName = (typeof QUESTIONS)[number]

export type LensCommand =
  | ({ readonly kind: QuestionName } & Question)
  /** What is stopped, and why, and whose people, is read once the projects are known; whose deeds, once it is known who did any. */
  | { [Kind in LateRead]: { readonly kind: Kind; readonly rest: string } }[LateRead]
  | { readonly kind: 'budgets' | 'forecast' }
  | { [Kind in PlainSubcommand]: { readonly kind: Kind } }[PlainSubcommand]
  | { readonly kind: 'unknown'; readonly said: string; readonly suggestion: string | null }

const LATE_READ = ['stop', 'resume', 'audit', 'digest', 'people'] as const
type LateRead = (typeof LATE_READ)[number]
type PlainSubcommand = Exclude<Subcommand, QuestionName | LateRead | 'budgets' | 'forecast'>

/** A suggestion is itself a command that is understood: words are mended until it is. */
export function parseLens(text: string): LensCommand {
  const read = readOnce(text)
  if (read.kind !== 'unknown' || read.suggestion === null) return read
  let suggestion: string | null = read.suggestion
  for (let tries = 0; tries < MENDS_MAX && suggestion !== null; tries += 1) {
    const again = readOnce(suggestion.slice(COMMAND.length))
    if (again.kind !== 'unknown') return { ...read, suggestion }
    suggestion = again.suggestion
  }
  return { ...read, suggestion: null }
}

const MENDS_MAX = 6

function readOnce(text: string): LensCommand {
  const [first = 'help', ...rest] = wordsOf(text.trim())
  const word = first.toLowerCase()
  if (isOneOf(word, QUESTIONS)) {
    const read = readQuestion(rest)
    if (read.kind === 'question')
      return word === 'spend' ? { kind: word, ...read.question } : onlyShown(word, rest, read.question)
    const { said, mended } = read
    return { kind: 'unknown', said, suggestion: mended === null ? null : `${COMMAND} ${word} ${mended}` }
  }
  if (isOneOf(word, LATE_READ)) return { kind: word, rest: text.trim().slice(word.length).trim() }
  if (isOneOf(word, PLAIN_NAMES)) return { kind: word }
  const near = nearest(word, SUBCOMMAND_NAMES)
  const said = `There is no \`${COMMAND} ${cut(word)}\`.`
  return { kind: 'unknown', said, suggestion: near && `${COMMAND} ${[near, ...rest].join(' ')}` }
}

/** Files are made of spend alone. */
function onlyShown(kind: QuestionName, words: readonly string[], question: Question): LensCommand {
  if (question.format !== 'csv') return { kind, ...question }
  const shown = words.filter((word) => word.toLowerCase() !== 'csv')
  return {
    kind: 'unknown',
    said: `Only spend is made into a file, as \`${COMMAND} spend csv\`.`,
    suggestion: [COMMAND, kind, ...shown].join(' '),
  }
}

const SUBCOMMAND_NAMES = Object.keys(SUBCOMMANDS).filter((name): name is Subcommand => name in SUBCOMMANDS)
const PLAIN_NAMES = SUBCOMMAND_NAMES.filter(
  (name): name is Exclude<Subcommand, QuestionName | LateRead> =>
    !isOneOf(name, [...QUESTIONS, ...LATE_READ]),
)
