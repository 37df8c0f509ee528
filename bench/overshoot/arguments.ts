/** What `npm run bench -- overshoot` can be told. */
import { readWords } from '../read-words.ts'
import { CASES, type Case, nameOf, QUICK } from './cases.ts'

export interface OvershootArguments {
  readonly isQuick: boolean
  readonly cases: readonly Case[]
  readonly hotBudget: boolean
  /** A trace in the format of local/replay; null for one that is generated. */
  readonly traceFile: string | null
}

export type ParsedArguments =
  | { readonly kind: 'arguments'; readonly given: OvershootArguments }
  | { readonly kind: 'bad'; readonly problem: string }

const HOT = 'hot-budget'
const NAMES = [...CASES.map(nameOf), HOT]
const OPTIONS = {
  quick: { type: 'boolean' },
  trace: { type: 'string' },
  only: { type: 'string' },
} as const
const USAGE = `usage: npm run bench -- overshoot [--quick] [--trace FILE] [--only ${NAMES.join('|')}]`

export function parseOvershootArguments(words: readonly string[]): ParsedArguments {
  const read = readWords(words, OPTIONS)
  if (read === null) return { kind: 'bad', problem: USAGE }
  const { quick: isQuick = false, trace, only } = read
  if (only !== undefined && !NAMES.includes(only)) {
    return { kind: 'bad', problem: `there is no case "${only}"; ${USAGE}` }
  }
  const cases = only === undefined ? (isQuick ? QUICK : CASES) : CASES.filter((one) => nameOf(one) === only)
  const hotBudget = only === undefined || only === HOT
  return { kind: 'arguments', given: { isQuick, cases, hotBudget, traceFile: trace ?? null } }
}
