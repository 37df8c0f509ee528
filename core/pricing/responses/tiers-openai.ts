/** OpenAI's service tiers and Azure's batches, and what an organisation's own prices are in them. */
import { usd, zeroUsd } from '../../money.ts'
import type { OwnPrice } from '../own-prices.ts'
import type { ResponseRow } from './response-row.ts'

const PRICING = 'https://developers.openai.com/api/docs/pricing'
const FAST_MODE = 'https://openai.com/api-fast-mode/'
const RESIDENCY = 'https://developers.openai.com/api/docs/guides/data-residency'
const AZURE = 'https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/'
/** The prices that are the organisation's own, or a share of this page. */
const CONTRACT = PRICING

const since = { from: new Date('2026-11-01T00:00:00Z'), until: null, provider: 'openai' } as const
const ratesOf = (dollarsIn: string, dollarsOut: string): OwnPrice['charge'] => ({
  kind: 'rates',
  rates: { input: usd(dollarsIn), output: usd(dollarsOut) },
  requestFee: zeroUsd,
})
const STANDARD: OwnPrice = {
  id: 's',
  model: 'gpt-4o',
  serviceTier: null,
  ...since,
  charge: ratesOf('2.10', '8.40'),
}
const BATCHES: OwnPrice = {
  id: 'b',
  model: 'gpt-4o',
  serviceTier: 'batch',
  ...since,
  charge: ratesOf('1', '4'),
}
const AGREED = { prices: [STANDARD], aliases: [] }
const AGREED_FOR_BATCHES = { prices: [STANDARD, BATCHES], aliases: [] }
const PERCENT_90: OwnPrice = {
  ...{ id: 'd', model: '*', serviceTier: null, ...since },
  charge: { kind: 'share_of_list', basisPoints: 9_000 },
}
const DISCOUNT = { prices: [PERCENT_90], aliases: [] }

export const TIERS_OF_OPENAI: readonly ResponseRow[] = [
  {
    what: 'flex, at half',
    ...{ provider: 'openai', model: 'o3-2025-04-16', source: PRICING },
    serviceTier: 'flex',
    usage: {
      prompt_tokens: 1117,
      completion_tokens: 1253,
      total_tokens: 2370,
      completion_tokens_details: { reasoning_tokens: 1088 },
    },
    terms: { input: [1117, '1.00'], output: [165, '4.00'], reasoning: [1088, '4.00'] },
    nanos: 6_129_000n,
  },
  {
    what: 'flex with a cached prompt, which ends on half a nano-dollar: to the even one',
    ...{ provider: 'openai', model: 'gpt-5-mini-2025-08-07', source: PRICING },
    serviceTier: 'flex',
    usage: {
      prompt_tokens: 1405,
      completion_tokens: 33,
      total_tokens: 1438,
      prompt_tokens_details: { cached_tokens: 1281 },
    },
    terms: { input: [124, '0.125'], cacheRead: [1281, '0.0125'], output: [33, '1.00'] },
    nanos: 64_512n,
  },
  {
    what: 'flex where the page rounds what is cached',
    ...{ provider: 'openai', model: 'gpt-5.4-2026-03-05', source: PRICING },
    serviceTier: 'flex',
    usage: {
      prompt_tokens: 4096,
      completion_tokens: 200,
      total_tokens: 4296,
      prompt_tokens_details: { cached_tokens: 3072 },
    },
    terms: { input: [1024, '1.25'], cacheRead: [3072, '0.13'], output: [200, '7.50'] },
    nanos: 3_179_360n,
  },
  {
    what: 'flex before the standard price fell',
    ...{ provider: 'openai', model: 'gpt-5.6-luna', source: PRICING },
    serviceTier: 'flex',
    at: '2026-07-29T12:00:00Z',
    usage: { prompt_tokens: 1000, completion_tokens: 1000, total_tokens: 2000 },
    terms: { input: [1000, '0.50'], output: [1000, '3.00'] },
    nanos: 3_500_000n,
  },
  {
    what: 'flex after the standard price fell, at half of the new one',
    ...{ provider: 'openai', model: 'gpt-5.6-luna', source: PRICING },
    serviceTier: 'flex',
    at: '2026-07-30T12:00:00Z',
    usage: { prompt_tokens: 1000, completion_tokens: 1000, total_tokens: 2000 },
    terms: { input: [1000, '0.10'], output: [1000, '0.60'] },
    nanos: 700_000n,
  },
  {
    what: 'priority, at a premium',
    ...{ provider: 'openai', model: 'gpt-4.1-2025-04-14', source: FAST_MODE },
    serviceTier: 'priority',
    usage: {
      prompt_tokens: 2048,
      completion_tokens: 96,
      total_tokens: 2144,
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    terms: { input: [1024, '3.50'], cacheRead: [1024, '0.875'], output: [96, '14.00'] },
    nanos: 5_824_000n,
  },
  {
    what: 'priority at five thirds of the standard rate, which is no finite decimal',
    ...{ provider: 'openai', model: 'gpt-4o-mini', source: PRICING },
    serviceTier: 'priority',
    usage: {
      prompt_tokens: 1999,
      completion_tokens: 77,
      total_tokens: 2076,
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    terms: { input: [975, '0.25'], cacheRead: [1024, '0.125'], output: [77, '1.00'] },
    nanos: 448_750n,
  },
  {
    what: 'priority on the dearest of its generation',
    ...{ provider: 'openai', model: 'gpt-5.5', source: FAST_MODE },
    serviceTier: 'priority',
    usage: { prompt_tokens: 800, completion_tokens: 350, total_tokens: 1150 },
    terms: { input: [800, '12.50'], output: [350, '75.00'] },
    nanos: 36_250_000n,
  },
  {
    what: 'priority for a prompt longer than it is sold for: an estimate',
    ...{ provider: 'openai', model: 'gpt-5.4', source: FAST_MODE },
    serviceTier: 'priority',
    usage: { prompt_tokens: 300_000, completion_tokens: 10, total_tokens: 300_010 },
    terms: { input: [300_000, '10.00'], output: [10, '45.00'] },
    nanos: 3_000_450_000n,
    costSource: 'estimated',
  },
  {
    what: 'fast mode, as priority is called since, with what was written to the cache',
    ...{ provider: 'openai', model: 'gpt-5.6-sol', source: PRICING },
    serviceTier: 'fast',
    usage: {
      prompt_tokens: 6000,
      completion_tokens: 40,
      total_tokens: 6040,
      prompt_tokens_details: { cached_tokens: 2000, cache_write_tokens: 3000 },
    },
    terms: {
      input: [1000, '8.00'],
      cacheRead: [2000, '0.80'],
      cacheWrite5m: [3000, '10.00'],
      output: [40, '40.00'],
    },
    nanos: 41_200_000n,
  },
  {
    what: 'a request for priority that was answered in the default tier',
    ...{ provider: 'openai', model: 'gpt-5', source: PRICING },
    serviceTier: 'default',
    usage: { prompt_tokens: 500, completion_tokens: 100, total_tokens: 600 },
    terms: { input: [500, '1.25'], output: [100, '10.00'] },
    nanos: 1_625_000n,
  },
  {
    what: 'a line of a batch, as its client says',
    ...{ provider: 'openai', model: 'gpt-4o-mini', source: PRICING },
    serviceTier: 'batch',
    usage: { prompt_tokens: 612, completion_tokens: 148, total_tokens: 760 },
    terms: { input: [612, '0.075'], output: [148, '0.30'] },
    nanos: 90_300n,
  },
  {
    what: 'a batch whose prompt was cached',
    ...{ provider: 'openai', model: 'gpt-5.1', source: PRICING },
    serviceTier: 'batch',
    usage: {
      prompt_tokens: 3000,
      completion_tokens: 500,
      total_tokens: 3500,
      prompt_tokens_details: { cached_tokens: 2048 },
    },
    terms: { input: [952, '0.625'], cacheRead: [2048, '0.0625'], output: [500, '5.00'] },
    nanos: 3_223_000n,
  },
  {
    what: 'a batch that read from the cache, of which the page says nothing: at the standard rate, as an estimate',
    ...{ provider: 'openai', model: 'gpt-4.1', source: PRICING },
    serviceTier: 'batch',
    usage: {
      prompt_tokens: 2000,
      completion_tokens: 100,
      total_tokens: 2100,
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    terms: { input: [976, '1.00'], cacheRead: [1024, '0.50'], output: [100, '4.00'] },
    nanos: 1_888_000n,
    costSource: 'estimated',
  },
  {
    what: 'embeddings in a batch',
    ...{ provider: 'openai', model: 'text-embedding-3-large', source: PRICING },
    serviceTier: 'batch',
    usage: { prompt_tokens: 8191, total_tokens: 8191 },
    terms: { input: [8191, '0.065'] },
    nanos: 532_415n,
  },
  {
    what: 'an endpoint of a region, ten percent above',
    ...{ provider: 'openai', model: 'gpt-5.4', source: RESIDENCY },
    serviceTier: 'default+regional',
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
    terms: { input: [1000, '2.75'], output: [100, '16.50'] },
    nanos: 4_400_000n,
  },
  {
    what: 'a tier that nobody knows: the standard rates, as an estimate',
    ...{ provider: 'openai', model: 'gpt-4o', source: PRICING },
    serviceTier: 'mystery',
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
    terms: { input: [100, '2.50'], output: [10, '10.00'] },
    nanos: 350_000n,
    costSource: 'estimated',
  },
  {
    what: 'Azure in a batch of a global deployment',
    ...{ provider: 'azure', model: 'gpt-4o-mini', source: AZURE },
    serviceTier: 'batch',
    usage: { prompt_tokens: 4000, completion_tokens: 600, total_tokens: 4600 },
    terms: { input: [4000, '0.075'], output: [600, '0.30'] },
    nanos: 480_000n,
  },
  {
    what: "an organisation's own price in a batch that it wrote nothing for: half of it, as an estimate",
    ...{ provider: 'openai', model: 'gpt-4o', source: CONTRACT },
    serviceTier: 'batch',
    own: AGREED,
    usage: { prompt_tokens: 2000, completion_tokens: 400, total_tokens: 2400 },
    terms: { input: [2000, '1.05'], output: [400, '4.20'] },
    nanos: 3_780_000n,
    costSource: 'estimated',
  },
  {
    what: 'a price that an organisation wrote for its batches',
    ...{ provider: 'openai', model: 'gpt-4o', source: CONTRACT },
    serviceTier: 'batch',
    own: AGREED_FOR_BATCHES,
    usage: { prompt_tokens: 2000, completion_tokens: 400, total_tokens: 2400 },
    terms: { input: [2000, '1.00'], output: [400, '4.00'] },
    nanos: 3_600_000n,
  },
  {
    what: 'a discount on the list, in flex: on what the list says of flex',
    ...{ provider: 'openai', model: 'o3', source: CONTRACT },
    serviceTier: 'flex',
    own: DISCOUNT,
    usage: { prompt_tokens: 2000, completion_tokens: 400, total_tokens: 2400 },
    terms: { input: [2000, '0.90'], output: [400, '3.60'] },
    nanos: 3_240_000n,
  },
]
