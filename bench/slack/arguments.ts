/** What `npm run bench -- slack` can be told. */
import { readWords } from '../read-words.ts'

export interface SlackArguments {
  /** Calls in the archive and in the ledger before anything is asked. */
  readonly rows: number
  /** How often each command is typed and each chart is asked for. */
  readonly rounds: number
  /** Where the profile of the app is written; null for none. */
  readonly profileDir: string | null
}

export type ParsedArguments =
  | { readonly kind: 'arguments'; readonly given: SlackArguments }
  | { readonly kind: 'bad'; readonly problem: string }

const OPTIONS = {
  rows: { type: 'string' },
  rounds: { type: 'string' },
  profile: { type: 'string' },
} as const
const USAGE = 'usage: npm run bench -- slack [--rows N] [--rounds N] [--profile DIR]'
const ROWS = { standard: 10_000_000, min: 10_000, max: 100_000_000 }
const ROUNDS = { standard: 8, min: 1, max: 100 }

export function parseSlackArguments(words: readonly string[]): ParsedArguments {
  const read = readWords(words, OPTIONS)
  if (read === null) return bad(USAGE)
  const rows = countIn(read.rows, ROWS)
  if (rows === null) return bad(`--rows must be a whole number from ${ROWS.min} to ${ROWS.max}; ${USAGE}`)
  const rounds = countIn(read.rounds, ROUNDS)
  if (rounds === null)
    return bad(`--rounds must be a whole number from ${ROUNDS.min} to ${ROUNDS.max}; ${USAGE}`)
  return { kind: 'arguments', given: { rows, rounds, profileDir: read.profile ?? null } }
}

interface Bounds {
  readonly standard: number
  readonly min: number
  readonly max: number
}

function countIn(text: string | undefined, { standard, min, max }: Bounds): number | null {
  if (text === undefined) return standard
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return count >= min && count <= max ? count : null
}

const bad = (problem: string): ParsedArguments => ({ kind: 'bad', problem })
