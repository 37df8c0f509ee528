/**
 * What a provider publishes of a service tier: which share of its standard rates it charges, for which models, since
 * when. The list knows only standard rates, so a share follows their changes; each fact says where it was read, and when.
 */
import type { RateClass } from '../rates.ts'

/** A numerator and a denominator: exact, as a published rate such as 5/3 of another is no finite decimal. */
export type Share = readonly [over: bigint, under: bigint]

export interface TierFact {
  /** In lower case, as `canonicalTier` spells them; several are names of one tier. */
  readonly tiers: readonly string[]
  /** As the list calls it. */
  readonly provider: string
  /** As the list calls them; a `*` at the end stands for any ending. */
  readonly models: readonly string[]
  /** The UTC day from which the share is known to hold. */
  readonly from: string
  readonly share: Share
  /** The classes that are published; a call with tokens of another one stays an estimate. */
  readonly classes: readonly RateClass[]
  /** Classes whose share is another. */
  readonly shares?: Partial<Readonly<Record<RateClass, Share>>>
  /** Published rates for short prompts that are no exact share: nano-dollars per million tokens. */
  readonly rates?: Partial<Readonly<Record<RateClass, bigint>>>
  /** True where nothing is published for prompts long enough for the list's dearer rates. */
  readonly shortPromptsOnly?: boolean
  readonly source: string
  /** The UTC day on which the source said so. */
  readonly readOn: string
}

export const HALF: Share = [1n, 2n]
export const SAME: Share = [1n, 1n]
export const TWICE: Share = [2n, 1n]

export const TEXT: readonly RateClass[] = ['input', 'output', 'reasoning']
export const TEXT_AND_READS: readonly RateClass[] = [...TEXT, 'cacheRead']
export const TEXT_AND_CACHE: readonly RateClass[] = [...TEXT_AND_READS, 'cacheWrite5m', 'cacheWrite1h']
