/** Those who copy OpenAI's shape, each in its own way. */
import type { Response } from './response.ts'

const DEEPSEEK = {
  provider: 'deepseek',
  source: 'https://api-docs.deepseek.com/quick_start/pricing',
} as const
const XAI = { provider: 'xai', source: 'https://docs.x.ai/developers/pricing' } as const
const MISTRAL = { provider: 'mistral_ai', source: 'https://mistral.ai/pricing' } as const
const GROQ = { provider: 'groq', source: 'https://groq.com/pricing' } as const

export const COMPATIBLE_RESPONSES: readonly Response[] = [
  {
    ...{ ...DEEPSEEK, model: 'deepseek-chat', at: '2025-06-20T12:00:00Z' },
    what: 'DeepSeek in its busy hours, with its own name for cached tokens',
    usage: {
      ...{ prompt_tokens: 100, completion_tokens: 10 },
      ...{ prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
    },
    terms: '36 x 0.27 + 64 x 0.07 + 10 x 1.10',
    nanos: 25_200n,
  },
  {
    ...{ ...DEEPSEEK, model: 'deepseek-chat', at: '2025-06-20T20:00:00Z' },
    what: 'the same call the same day in the quiet hours, at half the price',
    usage: {
      ...{ prompt_tokens: 100, completion_tokens: 10 },
      ...{ prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
    },
    terms: '36 x 0.135 + 64 x 0.035 + 10 x 0.55',
    nanos: 12_600n,
  },
  {
    ...{ ...XAI, model: 'grok-4-0709', source: 'https://docs.x.ai/docs/models' },
    what: 'xAI, which reports reasoning beside the completion',
    usage: {
      ...{ prompt_tokens: 20, completion_tokens: 10, total_tokens: 130 },
      completion_tokens_details: { reasoning_tokens: 100 },
    },
    terms: '20 x 3.00 + 110 x 15.00',
    nanos: 1_710_000n,
  },
  {
    ...{ ...XAI, model: 'grok-4.3' },
    what: 'xAI at its threshold: 200,000 tokens are a long prompt already',
    usage: { prompt_tokens: 200_000, completion_tokens: 100, total_tokens: 200_100 },
    terms: '200000 x 2.50 + 100 x 5.00',
    nanos: 500_500_000n,
  },
  {
    ...{ ...XAI, model: 'grok-4.3', facts: { service_tier: 'batch' } },
    what: 'xAI in a batch, a fifth cheaper',
    usage: {
      ...{ prompt_tokens: 1500, completion_tokens: 300, total_tokens: 1800 },
      prompt_tokens_details: { cached_tokens: 512 },
    },
    terms: '988 x 1.00 + 512 x 0.16 + 300 x 2.00',
    nanos: 1_669_920n,
  },
  {
    ...{ ...MISTRAL, model: 'mistral-medium-latest', at: '2026-06-15T12:00:00Z' },
    what: 'Mistral by a name that moves, before it moved to a dearer model',
    usage: { prompt_tokens: 10, completion_tokens: 25, total_tokens: 35 },
    terms: '10 x 0.40 + 25 x 2.00',
    nanos: 54_000n,
  },
  {
    ...{ ...MISTRAL, model: 'mistral-medium-latest', at: '2026-06-16T12:00:00Z' },
    what: 'the same name a day later',
    usage: { prompt_tokens: 10, completion_tokens: 25, total_tokens: 35 },
    terms: '10 x 1.50 + 25 x 7.50',
    nanos: 202_500n,
  },
  {
    ...{ ...MISTRAL, model: 'mistral-small-latest' },
    what: 'another name that moves, which the list has not followed',
    usage: { prompt_tokens: 10, completion_tokens: 25, total_tokens: 35 },
    terms: '10 x 0.15 + 25 x 0.60',
    nanos: 16_500n,
  },
  {
    ...{ ...MISTRAL, model: 'mistral-large-2512', facts: { service_tier: 'batch' } },
    source: 'https://docs.mistral.ai/capabilities/batch/',
    what: 'Mistral in a batch',
    usage: { prompt_tokens: 1001, completion_tokens: 77, total_tokens: 1078 },
    terms: '1001 x 0.25 + 77 x 0.75',
    nanos: 308_000n,
  },
  {
    ...{ ...GROQ, model: 'llama-3.3-70b-versatile' },
    what: 'Groq, with its times among the counts',
    usage: {
      ...{ queue_time: 0.01, prompt_tokens: 50, completion_tokens: 100, total_tokens: 150 },
      total_time: 0.4,
    },
    terms: '50 x 0.59 + 100 x 0.79',
    nanos: 108_500n,
  },
  {
    ...{ ...GROQ, model: 'openai/gpt-oss-20b' },
    what: 'Groq with a cached prompt at a rate of half a thousandth of a cent, rounded once to the even',
    usage: {
      ...{ prompt_tokens: 1025, completion_tokens: 5, total_tokens: 1030 },
      prompt_tokens_details: { cached_tokens: 1023 },
    },
    terms: '2 x 0.075 + 1023 x 0.0375 + 5 x 0.30',
    nanos: 40_012n,
  },
  {
    ...{ ...GROQ, model: 'llama-3.1-8b-instant', facts: { service_tier: 'flex' } },
    source: 'https://console.groq.com/docs/flex-processing',
    what: "Groq's flex, which costs as much as any call",
    usage: { prompt_tokens: 700, completion_tokens: 60, total_tokens: 760 },
    terms: '700 x 0.05 + 60 x 0.08',
    nanos: 39_800n,
  },
  {
    ...{ ...GROQ, model: 'openai/gpt-oss-120b', facts: { service_tier: 'batch' } },
    source: 'https://console.groq.com/docs/batch',
    what: 'Groq in a batch, where a cached token costs as much as another',
    usage: {
      ...{ prompt_tokens: 900, completion_tokens: 100, total_tokens: 1000 },
      prompt_tokens_details: { cached_tokens: 400 },
    },
    terms: '500 x 0.075 + 400 x 0.075 + 100 x 0.30',
    nanos: 97_500n,
  },
  {
    ...{ provider: 'perplexity', model: 'sonar' },
    source: 'https://docs.perplexity.ai/docs/getting-started/pricing',
    what: 'Perplexity, which charges each request beside its tokens',
    usage: { prompt_tokens: 14, completion_tokens: 100, total_tokens: 114, search_context_size: 'high' },
    terms: '114 x 1.00 + fee 0.012',
    nanos: 12_114_000n,
  },
  {
    ...{ provider: 'cohere', model: 'command-a-03-2025', source: 'https://cohere.com/pricing' },
    what: 'Cohere by its compatible API',
    usage: { prompt_tokens: 212, completion_tokens: 64, total_tokens: 276 },
    terms: '212 x 2.50 + 64 x 10.00',
    nanos: 1_170_000n,
  },
  {
    ...{ provider: 'voyageai', model: 'voyage-3.5', source: 'https://docs.voyageai.com/docs/pricing' },
    what: 'Voyage, which reports nothing but a total',
    usage: { total_tokens: 11 },
    terms: '11 x 0.06',
    nanos: 660n,
  },
  {
    ...{ provider: 'together_ai', model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo' },
    ...{ source: 'https://www.together.ai/pricing', at: '2025-11-20T12:00:00Z' },
    what: 'Together, at one rate for what goes in and comes out',
    usage: { prompt_tokens: 301, completion_tokens: 88, total_tokens: 389 },
    terms: '389 x 0.88',
    nanos: 342_320n,
  },
  {
    ...{ provider: 'fireworks_ai', model: 'accounts/fireworks/models/kimi-k2p6' },
    source: 'https://fireworks.ai/pricing',
    what: 'Fireworks with a cached prompt',
    usage: {
      ...{ prompt_tokens: 5000, completion_tokens: 321, total_tokens: 5321 },
      prompt_tokens_details: { cached_tokens: 4096 },
    },
    terms: '904 x 0.95 + 4096 x 0.16 + 321 x 4.00',
    nanos: 2_798_160n,
  },
  {
    ...{ provider: 'openrouter', model: 'anthropic/claude-sonnet-4.5' },
    source: 'https://openrouter.ai/anthropic/claude-sonnet-4.5',
    what: 'OpenRouter, in the shape of OpenAI',
    usage: {
      ...{ prompt_tokens: 2100, completion_tokens: 150, total_tokens: 2250, cost: 0.0034728 },
      prompt_tokens_details: { cached_tokens: 1876 },
    },
    terms: '224 x 3.00 + 1876 x 0.30 + 150 x 15.00',
    nanos: 3_484_800n,
  },
  {
    ...{ provider: 'moonshotai', model: 'kimi-k2.5' },
    source: 'https://platform.moonshot.ai/docs/pricing/chat',
    what: 'Moonshot with a cached prompt',
    usage: {
      ...{ prompt_tokens: 3000, completion_tokens: 250, total_tokens: 3250 },
      prompt_tokens_details: { cached_tokens: 2048 },
    },
    terms: '952 x 0.60 + 2048 x 0.10 + 250 x 3.00',
    nanos: 1_526_000n,
  },
]
