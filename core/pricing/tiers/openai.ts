/**
 * OpenAI's tiers, and Azure's batches and flex. Priority processing was renamed fast mode on 2026-07-30; both names are
 * taken. Where the batch table names no rate for cached input, a batch that read from the cache stays an estimate.
 */
import { usd } from '../../money.ts'
import { HALF, TEXT, TEXT_AND_CACHE, TEXT_AND_READS, type TierFact, TWICE } from './tier-fact.ts'

const PRICING = 'https://developers.openai.com/api/docs/pricing'
const FLEX = { tiers: ['flex'], provider: 'openai', from: '2025-04-17', readOn: '2026-10-12' } as const
const FAST = { tiers: ['priority', 'fast'], provider: 'openai', source: PRICING } as const
const BATCH = { tiers: ['batch'], provider: 'openai', from: '2024-04-15', readOn: '2026-10-14' } as const
const SINCE_GPT_5 = { from: '2025-08-07', readOn: '2026-10-12' } as const

const AZURE_BATCH = {
  ...{ tiers: ['batch'], provider: 'azure', from: '2024-10-01', readOn: '2026-10-07' },
  source: 'https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/',
} as const
const AZURE_FLEX = {
  ...{ tiers: ['flex'], provider: 'azure', from: '2026-11-01', readOn: '2026-11-25' },
  source: 'https://learn.microsoft.com/en-us/azure/foundry/openai/how-to/flex-processing',
} as const
const AZURE_BATCHED = [
  ...['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'gpt-4o', 'gpt-4o-mini', 'gpt-5', 'gpt-5-mini'],
  ...['gpt-5-nano', 'gpt-5-pro', 'gpt-5.1', 'gpt-5.2', 'gpt-5.2-pro', 'gpt-5.4-mini', 'gpt-5.4-nano'],
  ...['gpt-5.4-pro', 'gpt-5.5', 'o1', 'o3-2025-04-16', 'o3-mini', 'o3-pro', 'o4-mini'],
]

const GPT_5 = ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-5.1', 'gpt-5.2', 'gpt-5.4-mini', 'gpt-5.4-nano']
const WITH_CACHE_WRITES = ['gpt-5.6-*', 'gpt-6-*']

export const OPENAI_TIERS: readonly TierFact[] = [
  { ...FLEX, models: [...GPT_5, 'o3', 'gpt-5.5'], share: HALF, classes: TEXT_AND_READS, source: PRICING },
  { ...FLEX, models: WITH_CACHE_WRITES, share: HALF, classes: TEXT_AND_CACHE, source: PRICING },
  { ...FLEX, models: ['gpt-5.4-pro'], share: HALF, classes: TEXT, source: PRICING },
  { ...FLEX, models: ['gpt-5.5-pro'], share: HALF, classes: TEXT, shortPromptsOnly: true, source: PRICING },
  // The page rounds half of $0.25 up, and half of $0.275.
  {
    ...{ ...FLEX, models: ['gpt-5.4'], share: HALF, classes: TEXT_AND_READS, source: PRICING },
    rates: { cacheRead: usd('0.13') },
  },
  {
    ...{ ...FLEX, models: ['o4-mini'], share: HALF, classes: TEXT_AND_READS, source: PRICING },
    rates: { cacheRead: usd('0.138') },
  },

  { ...BATCH, models: [...GPT_5, 'gpt-5.5'], share: HALF, classes: TEXT_AND_READS, source: PRICING },
  { ...BATCH, models: WITH_CACHE_WRITES, share: HALF, classes: TEXT_AND_CACHE, source: PRICING },
  {
    ...{ ...BATCH, models: ['gpt-5.4'], share: HALF, classes: TEXT_AND_READS, source: PRICING },
    rates: { cacheRead: usd('0.13') },
  },
  {
    ...{ ...BATCH, share: HALF, classes: TEXT, source: PRICING },
    models: [
      'gpt-4.1',
      'gpt-4.1-mini',
      'gpt-4.1-nano',
      'gpt-4o',
      'gpt-4o-2024-05-13',
      'gpt-4o-mini',
      'gpt-4',
    ],
  },
  {
    ...{ ...BATCH, share: HALF, classes: TEXT, source: PRICING },
    models: ['gpt-4-turbo', 'gpt-3.5-turbo', 'gpt-5-pro', 'gpt-5.2-pro', 'gpt-5.4-pro', 'text-embedding-*'],
  },
  {
    ...{ ...BATCH, share: HALF, classes: TEXT, source: PRICING },
    models: ['o1', 'o1-pro', 'o3', 'o3-mini', 'o3-pro', 'o4-mini'],
  },
  { ...BATCH, models: ['gpt-5.5-pro'], share: HALF, classes: TEXT, shortPromptsOnly: true, source: PRICING },

  {
    ...{ ...FAST, ...SINCE_GPT_5, share: TWICE, classes: TEXT_AND_READS },
    models: ['gpt-4.1-nano', 'gpt-5', 'gpt-5.1', 'gpt-5.2', 'gpt-5.3-codex', 'gpt-5.4-mini'],
  },
  {
    ...{ ...FAST, ...SINCE_GPT_5, models: ['gpt-5.4'], share: TWICE },
    ...{ classes: TEXT_AND_READS, shortPromptsOnly: true },
  },
  {
    ...{ ...FAST, ...SINCE_GPT_5, models: ['gpt-5.5'], share: [5n, 2n] },
    ...{ classes: TEXT_AND_READS, shortPromptsOnly: true },
  },
  { ...FAST, ...SINCE_GPT_5, models: WITH_CACHE_WRITES, share: TWICE, classes: TEXT_AND_CACHE },
  { ...FAST, ...SINCE_GPT_5, models: ['gpt-5-mini'], share: [9n, 5n], classes: TEXT_AND_READS },
  {
    ...{ ...FAST, ...SINCE_GPT_5, share: [7n, 4n], classes: TEXT_AND_READS },
    models: ['gpt-4.1', 'gpt-4.1-mini', 'o3'],
  },
  { ...FAST, ...SINCE_GPT_5, models: ['gpt-4o-2024-05-13'], share: [7n, 4n], classes: TEXT },
  { ...FAST, ...SINCE_GPT_5, models: ['gpt-4o'], share: [17n, 10n], classes: TEXT_AND_READS },
  { ...FAST, ...SINCE_GPT_5, models: ['gpt-4o-mini'], share: [5n, 3n], classes: TEXT_AND_READS },
  { ...FAST, ...SINCE_GPT_5, models: ['o4-mini'], share: [20n, 11n], classes: TEXT_AND_READS },

  {
    // Models released since 2026-03-05, on the endpoints of a region; answers do not say so, clients can.
    ...{ tiers: ['us', 'eu', 'regional'], provider: 'openai', from: '2026-03-05', share: [11n, 10n] },
    models: [
      ...['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.4-nano', 'gpt-5.4-pro', 'gpt-5.5', 'gpt-5.5-pro'],
      ...WITH_CACHE_WRITES,
    ],
    ...{ classes: TEXT_AND_CACHE, readOn: '2026-11-25' },
    source: 'https://developers.openai.com/api/docs/guides/data-residency',
  },

  // Of global deployments; what others cost, and what a cached token costs in a batch, is not published.
  { ...AZURE_BATCH, models: AZURE_BATCHED, share: HALF, classes: TEXT },
  { ...AZURE_FLEX, models: ['gpt-5.4', 'gpt-5.4-pro'], share: HALF, classes: TEXT },
  { ...AZURE_FLEX, models: ['gpt-5.4-mini', 'gpt-5.4-nano'], share: HALF, classes: TEXT_AND_READS },
  {
    ...{ ...AZURE_FLEX, share: HALF, classes: TEXT_AND_CACHE },
    models: ['gpt-5.6-luna', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-6-astra', 'gpt-6-luna', 'gpt-6-sol'],
  },
]
