/** The cases, and what they share. */
import type { Mode } from './client/open-client.ts'

export interface Case {
  readonly mode: Mode
  readonly clients: number
  /** Of three: one is killed, one cut off. */
  readonly replicasLost: 0 | 2
}

const theCase = (mode: Mode, clients: number, replicasLost: 0 | 2 = 0): Case => ({
  ...{ mode, clients, replicasLost },
})

export const CASES: readonly Case[] = [
  ...[1, 10, 100].map((clients) => theCase('cached', clients)),
  ...[10, 100].map((clients) => theCase('strict', clients)),
  ...[theCase('cached', 100, 2), theCase('strict', 100, 2)],
]

export const QUICK: readonly Case[] = [
  theCase('cached', 10),
  theCase('strict', 100),
  theCase('strict', 100, 2),
]

export const nameOf = ({ mode, clients, replicasLost }: Case): string =>
  `${mode}-${clients}${replicasLost > 0 ? '-losses' : ''}`

/** Seconds of the trace in each second; the stand-in's times for an answer are as much shorter than a model's. */
export const SPEED = 30
export const FIRST_TOKEN_MS = 10
export const PER_TOKEN_MS = 1
/** What the clients let a call write at most: less than the longest answers of the trace, which are cut. */
export const TOKENS_MAX = 512

export interface Times {
  /** The limit is what the calls of so long cost. */
  readonly limitAfterMs: number
  /** When the replicas are lost: so near the limit that it is crossed before anyone can know of the loss. */
  readonly lossAfterMs: number
  /** When the trace ends. */
  readonly endAfterMs: number
}

export function timesOf({ mode, replicasLost }: Case, isQuick: boolean): Times {
  const limitAfterMs = isQuick ? 2_000 : 4_000
  const lossAfterMs = limitAfterMs - 300
  // Long enough for the staleness bound of clients that hear nothing, and for what was lent to come back.
  const onMs =
    replicasLost === 0 ? (isQuick ? 1_500 : 3_000) : mode === 'cached' ? 12_500 : isQuick ? 4_500 : 15_000
  return { limitAfterMs, lossAfterMs, endAfterMs: limitAfterMs + onMs }
}
