/** What `npm run faults -- ingest` can be told. */
import { parseArgs } from 'node:util'
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts'

export interface FaultArguments {
  readonly rounds: number
  readonly seed: number
  readonly kinds: readonly FaultKind[]
  /** How many faults each round has, as far as they differ in what they take away; null for one or two. */
  readonly atOnce: number | null
}

export type ParsedFaultArguments =
  | { readonly kind: 'arguments'; readonly given: FaultArguments }
  | { readonly kind: 'bad'; readonly problem: string }

const USAGE =
  'usage: npm run faults -- ingest [--rounds N] [--seed N] [--at-once N] [--only FAULT,...] [--without FAULT,...], ' +
  `where FAULT is one of ${FAULT_KINDS.join(', ')}`
const ROUNDS = 50
const ROUNDS_MAX = 10_000
const SEED_MAX = 2 ** 31
const AT_ONCE_MAX = 7

export function parseFaultArguments(words: readonly string[]): ParsedFaultArguments {
  const read = readWords(words)
  if (read === null) return bad(USAGE)
  const rounds = read.rounds === undefined ? ROUNDS : Number(read.rounds)
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= ROUNDS_MAX))
    return bad(`--rounds must be a whole number from 1 to ${ROUNDS_MAX}; ${USAGE}`)
  const seed = read.seed === undefined ? 1 : Number(read.seed)
  if (!(Number.isInteger(seed) && seed >= 0 && seed < SEED_MAX))
    return bad(`--seed must be a whole number from 0 to ${SEED_MAX - 1}; ${USAGE}`)
  const atOnce = read['at-once'] === undefined ? null : Number(read['at-once'])
  if (atOnce !== null && !(Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= AT_ONCE_MAX))
    return bad(`--at-once must be a whole number from 1 to ${AT_ONCE_MAX}; ${USAGE}`)
  const [only, without] = [listOf(read.only), listOf(read.without)]
  const unknown = [...only, ...without].find((name) => !FAULT_KINDS.some((kind) => kind === name))
  if (unknown !== undefined) return bad(`there is no fault "${unknown}"; ${USAGE}`)
  const kinds = FAULT_KINDS.filter(
    (kind) => (only.length === 0 || only.includes(kind)) && !without.includes(kind),
  )
  if (kinds.length === 0) return bad(`no fault is left; ${USAGE}`)
  return { kind: 'arguments', given: { rounds, seed, kinds, atOnce } }
}

const listOf = (text: string | undefined): readonly string[] => text?.split(',') ?? []

function readWords(words: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    const options = { rounds: text, seed: text, only: text, without: text, 'at-once': text }
    return parseArgs({ args: [...words], options, strict: true }).values
  } catch {
    return null
  }
}

const bad = (problem: string): ParsedFaultArguments => ({ kind: 'bad', problem })
