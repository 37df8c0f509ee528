/** The laws of the inclusive canon: parts never exceed their whole, and every count is a bounded whole number. */
import type { TokenUsage } from '../event/usage-event.ts'

/** The most tokens that one call can report in one class. */
export const TOKENS_MAX = 1_000_000_000

export const NO_TOKENS: TokenUsage = {
  in: 0,
  out: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  audioIn: 0,
  audioOut: 0,
}

/** Every count of a call, in the order in which they are stored. */
export const TOKEN_CLASSES = [
  'in',
  'out',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'audioIn',
  'audioOut',
] as const satisfies readonly (keyof TokenUsage)[]

/** Input that is neither cached nor audio: what is left of `in` for the plain rate. */
export const plainInput = (tokens: TokenUsage): number =>
  tokens.in - tokens.cacheRead - tokens.cacheWrite5m - tokens.cacheWrite1h - tokens.audioIn

/** Output that is neither reasoning nor audio. */
export const plainOutput = (tokens: TokenUsage): number => tokens.out - tokens.reasoning - tokens.audioOut

/** Which whole its parts exceed, as a sentence, or null when the counts agree. */
export function inconsistencyOf(tokens: TokenUsage): string | null {
  if (plainInput(tokens) < 0) {
    return `tokens_in is ${tokens.in}, and its parts (cache read, cache writes, audio) sum to ${tokens.in - plainInput(tokens)}; they must not exceed it`
  }
  if (plainOutput(tokens) < 0) {
    return `tokens_out is ${tokens.out}, and its parts (reasoning, audio) sum to ${tokens.out - plainOutput(tokens)}; they must not exceed it`
  }
  return null
}
