/** OpenAI's chat completions, in every service tier, and their prices before and after a change. */
import type { Response } from './response.ts'

const PRICING = 'https://developers.openai.com/api/docs/pricing'
const FAST_MODE = 'https://openai.com/api-fast-mode/'
const OPENAI = { provider: 'openai', source: PRICING } as const
const FAST = { provider: 'openai', source: FAST_MODE } as const

export const OPENAI_CHAT: readonly Response[] = [
  {
    ...{ ...OPENAI, model: 'gpt-4o-2024-08-06' },
    what: 'a cached prompt: cached tokens are part of the prompt, not beside it',
    usage: {
      ...{ prompt_tokens: 1200, completion_tokens: 300, total_tokens: 1500 },
      prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0 },
    },
    terms: '176 x 2.50 + 1024 x 1.25 + 300 x 10.00',
    nanos: 4_720_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4o-mini-2024-07-18' },
    what: 'a small chat on a small model, below a thousandth of a cent',
    usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
    terms: '9 x 0.15 + 12 x 0.60',
    nanos: 8_550n,
  },
  {
    ...{ ...OPENAI, provider: 'OpenAI', model: 'gpt-4.1-2025-04-14' },
    what: 'a plain chat, whose details are null',
    usage: { prompt_tokens: 328, completion_tokens: 52, total_tokens: 380, prompt_tokens_details: null },
    terms: '328 x 2.00 + 52 x 8.00',
    nanos: 1_072_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5-2025-08-07' },
    what: 'reasoning, which is part of the completion',
    usage: {
      ...{ prompt_tokens: 2400, completion_tokens: 810, total_tokens: 3210 },
      prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 640, accepted_prediction_tokens: 0 },
    },
    terms: '480 x 1.25 + 1920 x 0.125 + 810 x 10.00',
    nanos: 8_940_000n,
  },
  {
    ...{ ...OPENAI, model: 'o1-2024-12-17' },
    what: 'a model of reasoning at sixty dollars a million',
    usage: {
      ...{ prompt_tokens: 311, completion_tokens: 1931, total_tokens: 2242 },
      completion_tokens_details: { reasoning_tokens: 1728 },
    },
    terms: '311 x 15.00 + 1931 x 60.00',
    nanos: 120_525_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4o' },
    what: 'predicted output: what was rejected is part of the completion and charged as all of it',
    usage: {
      ...{ prompt_tokens: 450, completion_tokens: 214, total_tokens: 664 },
      completion_tokens_details: { accepted_prediction_tokens: 120, rejected_prediction_tokens: 38 },
    },
    terms: '450 x 2.50 + 214 x 10.00',
    nanos: 3_265_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-audio' },
    what: 'audio heard and spoken, beside text',
    usage: {
      ...{ prompt_tokens: 142, completion_tokens: 263, total_tokens: 405 },
      prompt_tokens_details: { audio_tokens: 117, cached_tokens: 0 },
      completion_tokens_details: { audio_tokens: 218, reasoning_tokens: 0 },
    },
    terms: '25 x 2.50 + 117 x 32.00 + 45 x 10.00 + 218 x 64.00',
    nanos: 18_208_500n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-3.5-turbo-0125' },
    what: 'a model of before, without any details',
    usage: { prompt_tokens: 57, completion_tokens: 17, total_tokens: 74 },
    terms: '57 x 0.50 + 17 x 1.50',
    nanos: 54_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.4' },
    what: 'the longest prompt below the long ones',
    usage: { prompt_tokens: 272_000, completion_tokens: 1000 },
    terms: '272000 x 2.50 + 1000 x 15.00',
    nanos: 695_000_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.4' },
    what: 'a prompt above 272,000 tokens, all of it at the dearer rate',
    usage: { prompt_tokens: 272_001, completion_tokens: 1000 },
    terms: '272001 x 5.00 + 1000 x 22.50',
    nanos: 1_382_505_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.6' },
    what: 'a cache write where writing has its own rate',
    usage: {
      ...{ prompt_tokens: 5000, completion_tokens: 10 },
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 3000 },
    },
    terms: '1000 x 4.00 + 1000 x 0.40 + 3000 x 5.00 + 10 x 20.00',
    nanos: 19_600_000n,
  },
  {
    ...{ ...OPENAI, model: 'o3-2025-04-16', facts: { service_tier: 'flex' } },
    what: 'flex, at half',
    usage: {
      ...{ prompt_tokens: 1117, completion_tokens: 1253, total_tokens: 2370 },
      completion_tokens_details: { reasoning_tokens: 1088 },
    },
    terms: '1117 x 1.00 + 1253 x 4.00',
    nanos: 6_129_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5-mini-2025-08-07', facts: { service_tier: 'flex' } },
    what: 'flex with a cached prompt, whose half ends on half a nano-dollar and is rounded to the even one',
    usage: {
      ...{ prompt_tokens: 1405, completion_tokens: 33 },
      prompt_tokens_details: { cached_tokens: 1281 },
    },
    terms: '124 x 0.125 + 1281 x 0.0125 + 33 x 1.00',
    nanos: 64_512n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.4-2026-03-05', facts: { service_tier: 'flex' } },
    what: 'flex where the page rounds the rate of cached input',
    usage: {
      ...{ prompt_tokens: 4096, completion_tokens: 200 },
      prompt_tokens_details: { cached_tokens: 3072 },
    },
    terms: '1024 x 1.25 + 3072 x 0.13 + 200 x 7.50',
    nanos: 3_179_360n,
  },
  {
    ...{ ...FAST, model: 'gpt-4.1-2025-04-14', facts: { service_tier: 'priority' } },
    what: 'priority, at a premium',
    usage: {
      ...{ prompt_tokens: 2048, completion_tokens: 96 },
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    terms: '1024 x 3.50 + 1024 x 0.875 + 96 x 14.00',
    nanos: 5_824_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4o-mini', facts: { service_tier: 'priority' } },
    what: 'priority at five thirds of the standard rate, which is no finite decimal',
    usage: {
      ...{ prompt_tokens: 1999, completion_tokens: 77 },
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    terms: '975 x 0.25 + 1024 x 0.125 + 77 x 1.00',
    nanos: 448_750n,
  },
  {
    ...{ ...FAST, model: 'gpt-5.5', facts: { service_tier: 'priority' } },
    what: 'priority on the dearest of its generation',
    usage: { prompt_tokens: 800, completion_tokens: 350 },
    terms: '800 x 12.50 + 350 x 75.00',
    nanos: 36_250_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.6-sol', facts: { service_tier: 'fast' } },
    what: 'fast mode, as priority is called since, with what was written to the cache',
    usage: {
      ...{ prompt_tokens: 6000, completion_tokens: 40 },
      prompt_tokens_details: { cached_tokens: 2000, cache_write_tokens: 3000 },
    },
    terms: '1000 x 8.00 + 2000 x 0.80 + 3000 x 10.00 + 40 x 40.00',
    nanos: 41_200_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5', facts: { service_tier: 'default' } },
    what: 'a request for priority that was answered in the standard tier, and costs that',
    usage: { prompt_tokens: 500, completion_tokens: 100 },
    terms: '500 x 1.25 + 100 x 10.00',
    nanos: 1_625_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4o-mini', facts: { service_tier: 'batch' } },
    what: 'a line of a batch, as its client says',
    usage: { prompt_tokens: 612, completion_tokens: 148, total_tokens: 760 },
    terms: '612 x 0.075 + 148 x 0.30',
    nanos: 90_300n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.1', facts: { service_tier: 'batch' } },
    what: 'a batch whose prompt was cached',
    usage: {
      ...{ prompt_tokens: 3000, completion_tokens: 500 },
      prompt_tokens_details: { cached_tokens: 2048 },
    },
    terms: '952 x 0.625 + 2048 x 0.0625 + 500 x 5.00',
    nanos: 3_223_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4.1', facts: { service_tier: 'batch' }, costSource: 'estimated' },
    what: 'a batch that read from the cache, of which the page says no rate: the standard one, as an estimate',
    usage: {
      ...{ prompt_tokens: 2000, completion_tokens: 100 },
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    terms: '976 x 1.00 + 1024 x 0.50 + 100 x 4.00',
    nanos: 1_888_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.4', facts: { service_tier: 'default+regional' } },
    source: 'https://developers.openai.com/api/docs/guides/data-residency',
    what: 'an endpoint of a region, ten percent above',
    usage: { prompt_tokens: 1000, completion_tokens: 100 },
    terms: '1000 x 2.75 + 100 x 16.50',
    nanos: 4_400_000n,
  },
  {
    ...{ ...OPENAI, model: 'o3', at: '2025-06-09T23:59:59Z' },
    what: 'the day before a price fell by four fifths',
    usage: { prompt_tokens: 75, completion_tokens: 1186 },
    terms: '75 x 10.00 + 1186 x 40.00',
    nanos: 48_190_000n,
  },
  {
    ...{ ...OPENAI, model: 'o3', at: '2025-06-10T00:00:00Z' },
    what: 'the same call the day after',
    usage: { prompt_tokens: 75, completion_tokens: 1186 },
    terms: '75 x 2.00 + 1186 x 8.00',
    nanos: 9_638_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.6-luna', at: '2026-07-29T12:00:00Z', facts: { service_tier: 'flex' } },
    what: 'flex before the standard price fell',
    usage: { prompt_tokens: 1000, completion_tokens: 1000 },
    terms: '1000 x 0.50 + 1000 x 3.00',
    nanos: 3_500_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.6-luna', at: '2026-07-30T12:00:00Z', facts: { service_tier: 'flex' } },
    what: 'flex after the standard price fell, at half of the new one',
    usage: { prompt_tokens: 1000, completion_tokens: 1000 },
    terms: '1000 x 0.10 + 1000 x 0.60',
    nanos: 700_000n,
  },
]
