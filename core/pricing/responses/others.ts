/** Those who mostly speak as OpenAI does, each with what it does otherwise. */
import type { ResponseRow } from './response-row.ts'

const DEEPSEEK = 'https://api-docs.deepseek.com/quick_start/pricing'
const XAI = 'https://docs.x.ai/docs/models'
const MISTRAL = 'https://mistral.ai/pricing'
const GROQ = 'https://groq.com/pricing'
const COHERE = 'https://cohere.com/pricing'
const PERPLEXITY = 'https://docs.perplexity.ai/docs/getting-started/pricing'
const VOYAGE = 'https://docs.voyageai.com/docs/pricing'

export const OTHERS: readonly ResponseRow[] = [
  {
    what: 'DeepSeek in the busy hours that it had in 2025, with its own name for cached tokens',
    ...{ provider: 'deepseek', model: 'deepseek-chat', source: DEEPSEEK },
    at: '2025-06-20T12:00:00Z',
    usage: {
      ...{ prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      ...{ prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
    },
    terms: { input: [36, '0.27'], cacheRead: [64, '0.07'], output: [10, '1.10'] },
    nanos: 25_200n,
  },
  {
    what: 'the same call the same day in the quiet hours, at half the price',
    ...{ provider: 'deepseek', model: 'deepseek-chat', source: DEEPSEEK },
    at: '2025-06-20T20:00:00Z',
    usage: {
      ...{ prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      ...{ prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
    },
    terms: { input: [36, '0.135'], cacheRead: [64, '0.035'], output: [10, '0.55'] },
    nanos: 12_600n,
  },
  {
    what: 'DeepSeek reasoning, in its busy hours',
    ...{ provider: 'deepseek', model: 'deepseek-reasoner', source: DEEPSEEK },
    at: '2025-06-20T00:30:00Z',
    usage: {
      ...{ prompt_tokens: 46, completion_tokens: 812, total_tokens: 858 },
      ...{ prompt_cache_hit_tokens: 0, prompt_cache_miss_tokens: 46 },
      completion_tokens_details: { reasoning_tokens: 640 },
    },
    terms: { input: [46, '0.55'], output: [172, '2.19'], reasoning: [640, '2.19'] },
    nanos: 1_803_580n,
  },
  {
    what: 'DeepSeek V4 in the busy hours of a working day',
    ...{ provider: 'deepseek', model: 'deepseek-v4-pro', source: DEEPSEEK },
    at: '2026-11-20T07:00:00Z',
    usage: {
      ...{ prompt_tokens: 1100, completion_tokens: 250, total_tokens: 1350 },
      prompt_tokens_details: { cached_tokens: 1024 },
      ...{ prompt_cache_hit_tokens: 1024, prompt_cache_miss_tokens: 76 },
      completion_tokens_details: { reasoning_tokens: 200 },
    },
    terms: {
      ...{ input: [76, '1.32'], cacheRead: [1024, '0.044'] },
      ...{ output: [50, '3.96'], reasoning: [200, '3.96'] },
    },
    nanos: 1_135_376n,
  },
  {
    what: 'the same call at noon, at half the price',
    ...{ provider: 'deepseek', model: 'deepseek-v4-pro', source: DEEPSEEK },
    usage: {
      ...{ prompt_tokens: 1100, completion_tokens: 250, total_tokens: 1350 },
      prompt_tokens_details: { cached_tokens: 1024 },
      ...{ prompt_cache_hit_tokens: 1024, prompt_cache_miss_tokens: 76 },
      completion_tokens_details: { reasoning_tokens: 200 },
    },
    terms: {
      ...{ input: [76, '0.66'], cacheRead: [1024, '0.022'] },
      ...{ output: [50, '1.98'], reasoning: [200, '1.98'] },
    },
    nanos: 567_688n,
  },
  {
    what: 'xAI, which reports reasoning beside the completion',
    ...{ provider: 'xai', model: 'grok-4-0709', source: XAI },
    usage: {
      ...{ prompt_tokens: 20, completion_tokens: 10, total_tokens: 130 },
      completion_tokens_details: { reasoning_tokens: 100 },
    },
    terms: { input: [20, '3.00'], output: [10, '15.00'], reasoning: [100, '15.00'] },
    nanos: 1_710_000n,
  },
  {
    what: 'xAI with a cached prompt, and reasoning that costs what the answer does',
    ...{ provider: 'x_ai', model: 'grok-3-mini', source: XAI },
    usage: {
      ...{ prompt_tokens: 32, completion_tokens: 9, total_tokens: 135 },
      prompt_tokens_details: { text_tokens: 32, audio_tokens: 0, image_tokens: 0, cached_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 94, audio_tokens: 0 },
    },
    terms: {
      ...{ input: [26, '0.30'], cacheRead: [6, '0.075'] },
      ...{ output: [9, '0.50'], reasoning: [94, '0.50'] },
    },
    nanos: 59_750n,
  },
  {
    what: 'xAI without reasoning',
    ...{ provider: 'xai', model: 'grok-4-fast-non-reasoning', source: XAI },
    usage: { prompt_tokens: 171, completion_tokens: 2, total_tokens: 173 },
    terms: { input: [171, '0.20'], output: [2, '0.50'] },
    nanos: 35_200n,
  },
  {
    what: 'Mistral in the shape of OpenAI',
    ...{ provider: 'mistral_ai', model: 'mistral-large-2411', source: MISTRAL },
    usage: { prompt_tokens: 10, completion_tokens: 25, total_tokens: 35 },
    terms: { input: [10, '2.00'], output: [25, '6.00'] },
    nanos: 170_000n,
  },
  {
    what: 'the large Mistral after it, at a quarter',
    ...{ provider: 'mistral_ai', model: 'mistral-large-2512', source: MISTRAL },
    usage: { prompt_tokens: 10, completion_tokens: 25, total_tokens: 35 },
    terms: { input: [10, '0.50'], output: [25, '1.50'] },
    nanos: 42_500n,
  },
  {
    what: 'code by Mistral',
    ...{ provider: 'mistral', model: 'codestral-2508', source: MISTRAL },
    usage: { prompt_tokens: 1711, completion_tokens: 46, total_tokens: 1757 },
    terms: { input: [1711, '0.30'], output: [46, '0.90'] },
    nanos: 554_700n,
  },
  {
    what: 'Groq in the shape of OpenAI',
    ...{ provider: 'groq', model: 'llama-3.3-70b-versatile', source: GROQ },
    usage: {
      ...{ queue_time: 0.01, prompt_tokens: 50, prompt_time: 0.002, completion_tokens: 100 },
      ...{ completion_time: 0.39, total_tokens: 150, total_time: 0.4 },
    },
    terms: { input: [50, '0.59'], output: [100, '0.79'] },
    nanos: 108_500n,
  },
  {
    what: 'Groq with a cached prompt at half the price',
    ...{ provider: 'groq', model: 'openai/gpt-oss-120b', source: GROQ },
    usage: {
      ...{ prompt_tokens: 4641, completion_tokens: 1817, total_tokens: 6458 },
      prompt_tokens_details: { cached_tokens: 4608 },
      completion_tokens_details: { reasoning_tokens: 1500 },
    },
    terms: {
      ...{ input: [33, '0.15'], cacheRead: [4608, '0.075'] },
      ...{ output: [317, '0.60'], reasoning: [1500, '0.60'] },
    },
    nanos: 1_440_750n,
  },
  {
    what: 'Cohere at the endpoint that speaks as OpenAI does: half a nano-dollar goes to the even neighbour below',
    ...{ provider: 'cohere', model: 'command-r7b-12-2024', source: COHERE },
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    terms: { input: [3, '0.0375'], output: [2, '0.15'] },
    // 112.5 + 300 = 412.5
    nanos: 412n,
  },
  {
    what: 'Cohere with one token more of answer and two of question: the even neighbour is above',
    ...{ provider: 'cohere', model: 'command-r7b-12-2024', source: COHERE },
    usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
    terms: { input: [5, '0.0375'], output: [3, '0.15'] },
    // 187.5 + 450 = 637.5
    nanos: 638n,
  },
  {
    what: 'Cohere on its large model',
    ...{ provider: 'cohere', model: 'command-a-03-2025', source: COHERE },
    usage: { prompt_tokens: 226, completion_tokens: 90, total_tokens: 316 },
    terms: { input: [226, '2.50'], output: [90, '10.00'] },
    nanos: 1_465_000n,
  },
  {
    what: 'Cohere in its own shape: billed units are billed, and not what it added to the prompt itself',
    ...{ provider: 'cohere', model: 'command-r-plus-08-2024', source: COHERE },
    usage: {
      billed_units: { input_tokens: 17, output_tokens: 48 },
      tokens: { input_tokens: 508, output_tokens: 51 },
      cached_tokens: 0,
    },
    terms: { input: [17, '2.50'], output: [48, '10.00'] },
    nanos: 522_500n,
  },
  {
    what: 'Perplexity, which charges each request beside its tokens, by how far it searched',
    ...{ provider: 'perplexity', model: 'sonar', source: PERPLEXITY },
    usage: { prompt_tokens: 14, completion_tokens: 100, total_tokens: 114, search_context_size: 'high' },
    terms: { input: [14, '1.00'], output: [100, '1.00'] },
    feeUsd: '0.012',
    nanos: 12_114_000n,
  },
  {
    what: 'Perplexity on its large model',
    ...{ provider: 'perplexity', model: 'sonar-pro', source: PERPLEXITY },
    usage: { prompt_tokens: 26, completion_tokens: 832, total_tokens: 858, search_context_size: 'high' },
    terms: { input: [26, '3.00'], output: [832, '15.00'] },
    feeUsd: '0.014',
    nanos: 26_558_000n,
  },
  {
    what: 'Voyage, which reports nothing but a total',
    ...{ provider: 'voyageai', model: 'voyage-3.5', source: VOYAGE },
    usage: { total_tokens: 11 },
    terms: { input: [11, '0.06'] },
    nanos: 660n,
  },
  {
    what: 'Voyage on code',
    ...{ provider: 'voyageai', model: 'voyage-code-3', source: VOYAGE },
    usage: { total_tokens: 120_000 },
    terms: { input: [120_000, '0.18'] },
    nanos: 21_600_000n,
  },
  {
    what: 'Together',
    ...{
      provider: 'together_ai',
      model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
      source: 'https://www.together.ai/pricing',
    },
    usage: { prompt_tokens: 44, completion_tokens: 56, total_tokens: 100 },
    terms: { input: [44, '0.88'], output: [56, '0.88'] },
    nanos: 88_000n,
  },
  {
    what: 'Fireworks, by the full path of the model',
    ...{
      provider: 'fireworks_ai',
      model: 'accounts/fireworks/models/deepseek-v3-0324',
      source: 'https://fireworks.ai/pricing',
    },
    usage: { prompt_tokens: 21, completion_tokens: 79, total_tokens: 100 },
    terms: { input: [21, '0.90'], output: [79, '0.90'] },
    nanos: 90_000n,
  },
  {
    what: 'OpenRouter, which passes on what the provider charges',
    ...{
      provider: 'openrouter',
      model: 'anthropic/claude-haiku-4.5',
      source: 'https://openrouter.ai/anthropic/claude-haiku-4.5',
    },
    usage: {
      ...{ prompt_tokens: 194, completion_tokens: 2, total_tokens: 196 },
      prompt_tokens_details: { cached_tokens: 0 },
    },
    terms: { input: [194, '1.00'], output: [2, '5.00'] },
    nanos: 204_000n,
  },
  {
    what: 'Cerebras',
    ...{ provider: 'cerebras', model: 'gpt-oss-120b', source: 'https://www.cerebras.ai/pricing' },
    usage: { prompt_tokens: 100, completion_tokens: 400, total_tokens: 500 },
    terms: { input: [100, '0.35'], output: [400, '0.75'] },
    nanos: 335_000n,
  },
]
