/** What `npm run bench -- ingest` can be told. */
import { readWords } from '../read-words.ts'
import { LOAD_NAMES, type LoadName } from './loads.ts'

export interface BenchArguments {
  /** How long each load lasts; null for the lengths that the loads have by themselves. */
  readonly seconds: number | null
  readonly only: LoadName | null
  /** Where the profiles of ingest's threads are written; null for none. */
  readonly profileDir: string | null
}

export type ParsedArguments =
  | { readonly kind: 'arguments'; readonly given: BenchArguments }
  | { readonly kind: 'bad'; readonly problem: string }

const OPTIONS = {
  seconds: { type: 'string' },
  only: { type: 'string' },
  profile: { type: 'string' },
} as const
const USAGE = `usage: npm run bench -- ingest [--seconds N] [--only ${LOAD_NAMES.join('|')}] [--profile DIR]`
const SECONDS_MAX = 3_600

export function parseBenchArguments(words: readonly string[]): ParsedArguments {
  const read = readWords(words, OPTIONS)
  if (read === null) return bad(USAGE)
  const { seconds, only, profile } = read
  const count = seconds === undefined ? null : Number(seconds)
  if (count !== null && !(Number.isInteger(count) && count >= 1 && count <= SECONDS_MAX)) {
    return bad(`--seconds must be a whole number from 1 to ${SECONDS_MAX}; ${USAGE}`)
  }
  const load = LOAD_NAMES.find((name) => name === only) ?? null
  if (only !== undefined && load === null) return bad(`there is no load "${only}"; ${USAGE}`)
  return { kind: 'arguments', given: { seconds: count, only: load, profileDir: profile ?? null } }
}

const bad = (problem: string): ParsedArguments => ({ kind: 'bad', problem })
