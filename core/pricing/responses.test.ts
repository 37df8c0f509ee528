/**
 * Responses as providers send them, and what they cost to the nano-dollar, worked out by hand.
 * A term is [tokens, nano-dollars per token]: $2.50 per million tokens is 2,500 nano-dollars a token. The rates are
 * those of the providers' public price pages, named with each group, as the pinned list has them in November 2026.
 */
import { describe, expect, it } from 'vitest'
import { normaliseUsage } from '../usage/normalise.ts'
import { buildPriceBook } from './genai-prices.ts'
import { priceEvent } from './price-event.ts'

const NOON = '2026-11-20T12:00:00Z'

interface Example {
  readonly what: string
  readonly provider: string
  readonly model: string
  readonly usage: Record<string, unknown>
  readonly terms: readonly (readonly [tokens: number, nanosPerToken: number])[]
  readonly nanos: bigint
  readonly at?: string
  readonly fee?: number
}

// https://platform.openai.com/docs/pricing
const OPENAI: readonly Example[] = [
  {
    what: 'a chat with a cached prompt: cached tokens are part of the prompt, not beside it',
    provider: 'openai',
    model: 'gpt-4o-2024-08-06',
    usage: {
      prompt_tokens: 1200,
      completion_tokens: 300,
      total_tokens: 1500,
      prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0 },
    },
    terms: [
      [176, 2500],
      [1024, 1250],
      [300, 10_000],
    ],
    nanos: 4_720_000n,
  },
  {
    what: 'a small chat on a small model, below a thousandth of a cent',
    provider: 'openai',
    model: 'gpt-4o-mini-2024-07-18',
    usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
    terms: [
      [9, 150],
      [12, 600],
    ],
    nanos: 8_550n,
  },
  {
    what: 'a plain chat',
    provider: 'OpenAI',
    model: 'gpt-4.1-2025-04-14',
    usage: { prompt_tokens: 328, completion_tokens: 52, total_tokens: 380, prompt_tokens_details: null },
    terms: [
      [328, 2000],
      [52, 8000],
    ],
    nanos: 1_072_000n,
  },
  {
    what: 'a response that reasons: reasoning is part of the output',
    provider: 'openai',
    model: 'gpt-5-2025-08-07',
    usage: {
      input_tokens: 2000,
      input_tokens_details: { cached_tokens: 1920 },
      output_tokens: 1500,
      output_tokens_details: { reasoning_tokens: 1408 },
      total_tokens: 3500,
    },
    terms: [
      [80, 1250],
      [1920, 125],
      [1500, 10_000],
    ],
    nanos: 15_340_000n,
  },
  {
    what: 'a response of o3',
    provider: 'openai',
    model: 'o3-2025-04-16',
    usage: {
      input_tokens: 75,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1186,
      output_tokens_details: { reasoning_tokens: 1024 },
      total_tokens: 1261,
    },
    terms: [
      [75, 2000],
      [1186, 8000],
    ],
    nanos: 9_638_000n,
  },
  {
    what: 'an embedding of ten tokens, which six decimals of a dollar would round to nothing',
    provider: 'openai',
    model: 'text-embedding-3-small',
    usage: { prompt_tokens: 10, total_tokens: 10 },
    terms: [[10, 20]],
    nanos: 200n,
  },
  {
    what: 'an embedding on the large model',
    provider: 'openai',
    model: 'text-embedding-3-large',
    usage: { prompt_tokens: 5, total_tokens: 5 },
    terms: [[5, 130]],
    nanos: 650n,
  },
  {
    what: 'a realtime turn with audio, part of it cached',
    provider: 'openai',
    model: 'gpt-4o-realtime-preview',
    usage: {
      total_tokens: 379,
      input_tokens: 253,
      output_tokens: 126,
      input_token_details: {
        text_tokens: 160,
        audio_tokens: 93,
        cached_tokens: 192,
        cached_tokens_details: { text_tokens: 128, audio_tokens: 64 },
      },
      output_token_details: { text_tokens: 30, audio_tokens: 96 },
    },
    terms: [
      [32, 5000],
      [29, 40_000],
      [192, 2500],
      [30, 20_000],
      [96, 80_000],
    ],
    nanos: 10_080_000n,
  },
  {
    what: 'the longest prompt of the lower tier',
    provider: 'openai',
    model: 'gpt-5.4',
    usage: { prompt_tokens: 271_999, completion_tokens: 1000 },
    terms: [
      [271_999, 2500],
      [1000, 15_000],
    ],
    nanos: 694_997_500n,
  },
  {
    what: 'one token more, and the whole call is in the upper tier',
    provider: 'openai',
    model: 'gpt-5.4',
    usage: { prompt_tokens: 272_000, completion_tokens: 1000 },
    terms: [
      [272_000, 5000],
      [1000, 22_500],
    ],
    nanos: 1_382_500_000n,
  },
  {
    what: 'a cache write where writing has its own rate',
    provider: 'openai',
    model: 'gpt-5.6',
    usage: {
      prompt_tokens: 5000,
      completion_tokens: 10,
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 3000 },
    },
    terms: [
      [1000, 4000],
      [1000, 400],
      [3000, 5000],
      [10, 20_000],
    ],
    nanos: 19_600_000n,
  },
  {
    // https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/
    what: 'Azure, by the model that answered',
    provider: 'azure.ai.openai',
    model: 'gpt-4o-2024-08-06',
    usage: { prompt_tokens: 18, completion_tokens: 5, total_tokens: 23 },
    terms: [
      [18, 2500],
      [5, 10_000],
    ],
    nanos: 95_000n,
  },
]

// https://www.anthropic.com/pricing#api and https://docs.claude.com/en/docs/build-with-claude/prompt-caching
const ANTHROPIC: readonly Example[] = [
  {
    what: 'a long cached prompt: what was read from the cache comes beside the input',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5-20250929',
    usage: {
      input_tokens: 21,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 188_086,
      output_tokens: 393,
      service_tier: 'standard',
    },
    terms: [
      [21, 3000],
      [188_086, 300],
      [393, 15_000],
    ],
    nanos: 62_383_800n,
  },
  {
    what: 'cache writes that live five minutes and an hour',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5-20250929',
    usage: {
      input_tokens: 50,
      cache_read_input_tokens: null,
      cache_creation_input_tokens: 3000,
      cache_creation: { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 2000 },
      output_tokens: 503,
    },
    terms: [
      [50, 3000],
      [1000, 3750],
      [2000, 6000],
      [503, 15_000],
    ],
    nanos: 23_445_000n,
  },
  {
    what: 'a prompt that passes 200,000 tokens by what it read from the cache',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5-20250929',
    usage: { input_tokens: 10, cache_read_input_tokens: 200_000, output_tokens: 100 },
    terms: [
      [10, 6000],
      [200_000, 600],
      [100, 22_500],
    ],
    nanos: 122_310_000n,
  },
  {
    what: 'an older answer that says only how much was written',
    provider: 'anthropic',
    model: 'claude-haiku-4-5-20251001',
    usage: {
      input_tokens: 4,
      cache_creation_input_tokens: 2048,
      cache_read_input_tokens: 0,
      output_tokens: 10,
    },
    terms: [
      [4, 1000],
      [2048, 1250],
      [10, 5000],
    ],
    nanos: 2_614_000n,
  },
  {
    what: 'a plain message',
    provider: 'anthropic',
    model: 'claude-opus-4-1-20250805',
    usage: { input_tokens: 2095, output_tokens: 503 },
    terms: [
      [2095, 15_000],
      [503, 75_000],
    ],
    nanos: 69_150_000n,
  },
]

// https://ai.google.dev/gemini-api/docs/pricing
const GEMINI: readonly Example[] = [
  {
    what: 'thoughts, which come beside the candidates, and a cached prompt, which is inside',
    provider: 'gcp.gemini',
    model: 'gemini-2.5-pro',
    usage: {
      promptTokenCount: 1000,
      cachedContentTokenCount: 600,
      candidatesTokenCount: 200,
      thoughtsTokenCount: 900,
      totalTokenCount: 2100,
    },
    terms: [
      [400, 1250],
      [600, 125],
      [1100, 10_000],
    ],
    nanos: 11_575_000n,
  },
  {
    what: 'a prompt above 200,000 tokens',
    provider: 'google',
    model: 'gemini-2.5-pro',
    usage: { promptTokenCount: 250_000, candidatesTokenCount: 100, totalTokenCount: 250_100 },
    terms: [
      [250_000, 2500],
      [100, 15_000],
    ],
    nanos: 626_500_000n,
  },
  {
    what: 'audio heard, and the prompt of a tool on top, as the Python SDK spells them',
    provider: 'vertex_ai',
    model: 'gemini-2.5-flash',
    usage: {
      prompt_token_count: 1050,
      prompt_tokens_details: [
        { modality: 'TEXT', token_count: 50 },
        { modality: 'AUDIO', token_count: 1000 },
      ],
      tool_use_prompt_token_count: 20,
      candidates_token_count: 40,
      thoughts_token_count: null,
    },
    terms: [
      [70, 300],
      [1000, 1000],
      [40, 2500],
    ],
    nanos: 1_121_000n,
  },
]

// https://aws.amazon.com/bedrock/pricing/
const BEDROCK: readonly Example[] = [
  {
    what: 'a regional profile, with reads and writes beside the input',
    provider: 'aws.bedrock',
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    usage: {
      inputTokens: 30,
      outputTokens: 200,
      totalTokens: 1730,
      cacheReadInputTokens: 1000,
      cacheWriteInputTokens: 500,
      cacheDetails: [{ ttl: '5m', inputTokens: 500 }],
    },
    terms: [
      [30, 3300],
      [1000, 330],
      [500, 4125],
      [200, 16_500],
    ],
    nanos: 5_791_500n,
  },
  {
    what: 'a few tokens of Nova',
    provider: 'bedrock',
    model: 'amazon.nova-lite-v1:0',
    usage: { inputTokens: 17, outputTokens: 3, totalTokens: 20 },
    terms: [
      [17, 60],
      [3, 240],
    ],
    nanos: 1_740n,
  },
]

const OTHERS: readonly Example[] = [
  {
    // https://api-docs.deepseek.com/quick_start/pricing
    what: 'DeepSeek in its busy hours, with its own name for cached tokens',
    provider: 'deepseek',
    model: 'deepseek-chat',
    usage: {
      prompt_tokens: 100,
      completion_tokens: 10,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    },
    terms: [
      [36, 270],
      [64, 70],
      [10, 1100],
    ],
    nanos: 25_200n,
  },
  {
    what: 'the same call the same day in the quiet hours, at half the price',
    provider: 'deepseek',
    model: 'deepseek-chat',
    at: '2026-11-20T20:00:00Z',
    usage: {
      prompt_tokens: 100,
      completion_tokens: 10,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    },
    terms: [
      [36, 135],
      [64, 35],
      [10, 550],
    ],
    nanos: 12_600n,
  },
  {
    // https://docs.x.ai/docs/models
    what: 'xAI, which reports reasoning beside the completion',
    provider: 'xai',
    model: 'grok-4-0709',
    usage: {
      prompt_tokens: 20,
      completion_tokens: 10,
      total_tokens: 130,
      completion_tokens_details: { reasoning_tokens: 100 },
    },
    terms: [
      [20, 3000],
      [110, 15_000],
    ],
    nanos: 1_710_000n,
  },
  {
    // https://mistral.ai/pricing
    what: 'Mistral in the shape of OpenAI',
    provider: 'mistral_ai',
    model: 'mistral-large-latest',
    usage: { prompt_tokens: 10, completion_tokens: 25, total_tokens: 35 },
    terms: [
      [10, 2000],
      [25, 6000],
    ],
    nanos: 170_000n,
  },
  {
    // https://groq.com/pricing
    what: 'Groq in the shape of OpenAI',
    provider: 'groq',
    model: 'llama-3.3-70b-versatile',
    usage: {
      queue_time: 0.01,
      prompt_tokens: 50,
      completion_tokens: 100,
      total_tokens: 150,
      total_time: 0.4,
    },
    terms: [
      [50, 590],
      [100, 790],
    ],
    nanos: 108_500n,
  },
  {
    // https://docs.perplexity.ai/docs/getting-started/pricing
    what: 'Perplexity, which charges each request beside its tokens',
    provider: 'perplexity',
    model: 'sonar',
    usage: { prompt_tokens: 14, completion_tokens: 100, total_tokens: 114, search_context_size: 'high' },
    terms: [[114, 1000]],
    fee: 12_000_000,
    nanos: 12_114_000n,
  },
  {
    // https://docs.voyageai.com/docs/pricing
    what: 'Voyage, which reports nothing but a total',
    provider: 'voyageai',
    model: 'voyage-3.5',
    usage: { total_tokens: 11 },
    terms: [[11, 60]],
    nanos: 660n,
  },
]

describe.each([
  ['OpenAI', OPENAI],
  ['Anthropic', ANTHROPIC],
  ['Gemini', GEMINI],
  ['Bedrock', BEDROCK],
  ['others', OTHERS],
])('a response of %s costs to the nano-dollar what its provider charges:', (_name, examples) => {
  const prices = buildPriceBook()

  it.each(examples)('$what', ({ provider, model, usage, terms, nanos, at = NOON, fee = 0 }) => {
    const byHand = terms.reduce((sum, [tokens, rate]) => sum + tokens * rate, fee)
    expect(BigInt(byHand)).toBe(nanos)
    const normalised = normaliseUsage(provider, usage)
    if (normalised.kind === 'unreadable') throw new Error(normalised.reason)
    const event = {
      tokens: normalised.tokens,
      tokensEstimated: false,
      serviceTier: null,
      status: 'ok',
    } as const
    const priced = priceEvent(event, prices.ratesAt(provider, model, new Date(at)))
    expect(priced).toMatchObject({ cost: nanos, costSource: 'computed' })
    expect(priced.priceVersion).toMatch(/^genai-prices@[\d.]+:[\w-]+\/.+/)
  })
})
