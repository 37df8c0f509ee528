/**
 * A made-up trace, for whoever has no trace at hand: seeded, so that the same seed gives the same requests.
 *
 * Each figure is drawn from the quantiles of the conversation trace of November 2023 in AzurePublicDataset (19,366
 * requests; Patel et al., "Splitwise: Efficient Generative LLM Inference Using Phase Splitting", ISCA 2024), straight
 * lines between them. The figures are drawn independently of each other; in the trace, context and answer are nearly
 * so too (correlation -0.11).
 */
import type { TraceRequest } from './trace.ts'

/** Points of a distribution: [share of requests, value at that share]. */
type Quantiles = readonly (readonly [number, number])[]

const CONTEXT_TOKENS: Quantiles = [
  [0, 2],
  [0.01, 29],
  [0.05, 181],
  [0.1, 207],
  [0.2, 387],
  [0.3, 403],
  [0.4, 703],
  [0.5, 1_020],
  [0.7, 1_130],
  [0.8, 1_315],
  [0.9, 2_735],
  [0.95, 4_083],
  [0.99, 4_142],
  [0.999, 6_212],
  [1, 14_050],
]
const GENERATED_TOKENS: Quantiles = [
  [0, 7],
  [0.01, 16],
  [0.05, 41],
  [0.1, 54],
  [0.25, 85],
  [0.4, 103],
  [0.5, 129],
  [0.6, 177],
  [0.7, 384],
  [0.8, 400],
  [0.9, 424],
  [0.95, 451],
  [0.99, 601],
  [1, 1_000],
]
const GAP_MS: Quantiles = [
  [0, 0],
  [0.05, 6],
  [0.1, 16],
  [0.25, 48],
  [0.5, 118],
  [0.75, 247],
  [0.9, 421],
  [0.95, 565],
  [0.99, 891],
  [0.999, 1_431],
  [1, 4_315],
]

export function generateTrace({
  seed,
  count,
}: {
  readonly seed: number
  readonly count: number
}): TraceRequest[] {
  const random = seededRandom(seed)
  let atMs = 0
  return Array.from({ length: count }, (_, index) => {
    if (index > 0) atMs += valueAt(GAP_MS, random())
    return {
      atMs: Math.round(atMs),
      contextTokens: Math.round(valueAt(CONTEXT_TOKENS, random())),
      generatedTokens: Math.round(valueAt(GENERATED_TOKENS, random())),
    }
  })
}

function valueAt(quantiles: Quantiles, share: number): number {
  const above = quantiles.findIndex(([at]) => at >= share)
  const [highShare, high] = quantiles[above] ?? [1, 0]
  const [lowShare, low] = quantiles[above - 1] ?? [highShare, high]
  if (highShare === lowShare) return high
  return low + ((high - low) * (share - lowShare)) / (highShare - lowShare)
}

/** mulberry32: 32 bits of state, good enough to draw a demo from. Values in [0, 1). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
