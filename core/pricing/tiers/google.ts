/**
 * The tiers of the Gemini API and of Vertex, where they agree. Where they differ, as in what a cached token costs in a
 * batch of Gemini 3, or where a page rounds, a class is left out, and a call with such tokens stays an estimate.
 */
import type { RateClass } from '../rates.ts'
import { HALF, SAME, type Share, TEXT, type TierFact } from './tier-fact.ts'

const PRICING = 'https://ai.google.dev/gemini-api/docs/pricing'
const GOOGLE = { provider: 'google', source: PRICING, readOn: '2026-10-14' } as const
const BATCH_FROM = '2025-07-07'
const SYNCHRONOUS_FROM = '2026-04-01'
const BATCH = { ...GOOGLE, tiers: ['batch'], from: BATCH_FROM, share: HALF } as const
const FLEX = { ...GOOGLE, tiers: ['flex'], from: SYNCHRONOUS_FROM, share: HALF } as const

const TEXT_AND_AUDIO: readonly RateClass[] = [...TEXT, 'audioIn']
const NEARLY_TWICE: Share = [9n, 5n]

/** A cached token of these is as cheap in a batch as elsewhere: the two discounts do not add up. */
const GEMINI_2_5 = ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite']
const HEARING = ['gemini-3-flash-preview']
const READING = ['gemini-3.1-pro-preview', 'gemini-3.5-flash', 'gemini-3.5-flash-lite']
/** All of them at half, what is cached too. */
const EVENLY = ['gemini-3.1-flash-lite', 'gemini-3.6-flash', 'gemini-3.7-flash', 'gemini-3.8-flash']

const halves = (tier: typeof BATCH | typeof FLEX): readonly TierFact[] => [
  { ...tier, models: GEMINI_2_5, classes: [...TEXT_AND_AUDIO, 'cacheRead'], shares: { cacheRead: SAME } },
  { ...tier, models: HEARING, classes: TEXT_AND_AUDIO },
  { ...tier, models: READING, classes: TEXT },
  { ...tier, models: EVENLY, classes: [...TEXT_AND_AUDIO, 'cacheRead'] },
]

export const GOOGLE_TIERS: readonly TierFact[] = [
  ...halves(BATCH),
  ...halves(FLEX),
  { ...BATCH, models: ['gemini-embedding-001', 'gemini-embedding-2'], classes: ['input'] },
  {
    ...{ ...GOOGLE, tiers: ['priority'], from: SYNCHRONOUS_FROM, share: NEARLY_TWICE },
    models: [...GEMINI_2_5, ...HEARING, 'gemini-3.1-pro-preview', 'gemini-3.5-flash', ...EVENLY],
    classes: [...TEXT_AND_AUDIO, 'cacheRead'],
  },
  {
    // The page rounds what a cached token costs.
    ...{ ...GOOGLE, tiers: ['priority'], from: SYNCHRONOUS_FROM, share: NEARLY_TWICE },
    ...{ models: ['gemini-3.5-flash-lite'], classes: TEXT },
  },
]
