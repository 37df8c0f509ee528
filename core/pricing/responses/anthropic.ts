/** Anthropic: what was read from the cache or written to it comes beside the input, and thinking inside the output. */
import type { ResponseRow } from './response-row.ts'

const source = 'https://platform.claude.com/docs/en/about-claude/pricing'
const provider = 'anthropic'
const VERTEX = 'https://cloud.google.com/vertex-ai/generative-ai/pricing'

export const ANTHROPIC: readonly ResponseRow[] = [
  {
    what: 'a plain message',
    ...{ provider, model: 'claude-opus-4-1-20250805', source },
    usage: { input_tokens: 2095, output_tokens: 503 },
    terms: { input: [2095, '15.00'], output: [503, '75.00'] },
    nanos: 69_150_000n,
  },
  {
    what: 'a long cached prompt: what was read from the cache comes beside the input',
    ...{ provider, model: 'claude-sonnet-4-5-20250929', source },
    usage: {
      input_tokens: 21,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 188_086,
      output_tokens: 393,
      service_tier: 'standard',
    },
    terms: { input: [21, '3.00'], cacheRead: [188_086, '0.30'], output: [393, '15.00'] },
    nanos: 62_383_800n,
  },
  {
    what: 'cache writes that live five minutes and an hour',
    ...{ provider, model: 'claude-sonnet-4-5-20250929', source },
    usage: {
      input_tokens: 50,
      cache_read_input_tokens: null,
      cache_creation_input_tokens: 3000,
      cache_creation: { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 2000 },
      output_tokens: 503,
    },
    terms: {
      ...{ input: [50, '3.00'], cacheWrite5m: [1000, '3.75'], cacheWrite1h: [2000, '6.00'] },
      output: [503, '15.00'],
    },
    nanos: 23_445_000n,
  },
  {
    what: 'a cache write that lives an hour, alone',
    ...{ provider, model: 'claude-opus-4-5-20251101', source },
    usage: {
      input_tokens: 3,
      cache_creation_input_tokens: 4096,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 4096 },
      output_tokens: 212,
      service_tier: 'standard',
    },
    terms: { input: [3, '5.00'], cacheWrite1h: [4096, '10.00'], output: [212, '25.00'] },
    nanos: 46_275_000n,
  },
  {
    what: 'a turn that reads the cache and adds to it, with thinking inside the output',
    ...{ provider, model: 'claude-haiku-4-5-20251001', source },
    usage: {
      input_tokens: 12,
      cache_creation_input_tokens: 318,
      cache_read_input_tokens: 6144,
      cache_creation: { ephemeral_5m_input_tokens: 318, ephemeral_1h_input_tokens: 0 },
      output_tokens: 1733,
      service_tier: 'standard',
    },
    terms: {
      ...{ input: [12, '1.00'], cacheRead: [6144, '0.10'], cacheWrite5m: [318, '1.25'] },
      output: [1733, '5.00'],
    },
    nanos: 9_688_900n,
  },
  {
    what: 'an older answer that says only how much was written',
    ...{ provider, model: 'claude-haiku-4-5-20251001', source },
    usage: {
      ...{ input_tokens: 4, cache_creation_input_tokens: 2048, cache_read_input_tokens: 0 },
      output_tokens: 10,
    },
    terms: { input: [4, '1.00'], cacheWrite5m: [2048, '1.25'], output: [10, '5.00'] },
    nanos: 2_614_000n,
  },
  {
    what: 'a prompt of exactly 200,000 tokens, the last of the lower tier',
    ...{ provider, model: 'claude-sonnet-4-5-20250929', source },
    at: '2026-04-01T12:00:00Z',
    usage: { input_tokens: 10, cache_read_input_tokens: 199_990, output_tokens: 100 },
    terms: { input: [10, '3.00'], cacheRead: [199_990, '0.30'], output: [100, '15.00'] },
    nanos: 61_527_000n,
  },
  {
    what: 'a prompt that passes 200,000 tokens by what it read from the cache',
    ...{ provider, model: 'claude-sonnet-4-5-20250929', source },
    at: '2026-04-01T12:00:00Z',
    usage: { input_tokens: 10, cache_read_input_tokens: 200_000, output_tokens: 100 },
    terms: { input: [10, '6.00'], cacheRead: [200_000, '0.60'], output: [100, '22.50'] },
    nanos: 122_310_000n,
  },
  {
    what: 'a prompt above 200,000 tokens on the last day on which that cost more',
    ...{ provider, model: 'claude-sonnet-4-6', source },
    at: '2026-03-12T23:59:59Z',
    usage: { input_tokens: 250_000, output_tokens: 800 },
    terms: { input: [250_000, '6.00'], output: [800, '22.50'] },
    nanos: 1_518_000_000n,
  },
  {
    what: 'the same prompt a second later, at the flat price',
    ...{ provider, model: 'claude-sonnet-4-6', source },
    at: '2026-03-13T00:00:00Z',
    usage: { input_tokens: 250_000, output_tokens: 800 },
    terms: { input: [250_000, '3.00'], output: [800, '15.00'] },
    nanos: 762_000_000n,
  },
  {
    what: 'a message of a model whose cached tokens cost a twentieth of its input, not a tenth',
    ...{ provider, model: 'claude-opus-5-5', source },
    usage: {
      ...{ input_tokens: 8, cache_creation_input_tokens: 700, cache_read_input_tokens: 52_000 },
      cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 500 },
      ...{ output_tokens: 1200, service_tier: 'standard' },
    },
    terms: {
      ...{ input: [8, '4.00'], cacheRead: [52_000, '0.20'], output: [1200, '20.00'] },
      ...{ cacheWrite5m: [200, '5.00'], cacheWrite1h: [500, '8.00'] },
    },
    nanos: 39_432_000n,
  },
  {
    what: 'a message of the sonnet before, thinking included',
    ...{ provider, model: 'claude-3-7-sonnet-20250219', source },
    usage: { input_tokens: 441, output_tokens: 2870 },
    terms: { input: [441, '3.00'], output: [2870, '15.00'] },
    nanos: 44_373_000n,
  },
  {
    what: 'a message of a small model of an earlier generation, with a write that rounds up to three tenths',
    ...{ provider, model: 'claude-3-haiku-20240307', source },
    usage: {
      ...{ input_tokens: 90, cache_creation_input_tokens: 2500, cache_read_input_tokens: 0 },
      output_tokens: 31,
    },
    terms: { input: [90, '0.25'], cacheWrite5m: [2500, '0.30'], output: [31, '1.25'] },
    nanos: 811_250n,
  },
  {
    what: 'a cached message of the small model between',
    ...{ provider, model: 'claude-3-5-haiku-20241022', source },
    usage: { input_tokens: 15, cache_read_input_tokens: 2211, output_tokens: 64 },
    terms: { input: [15, '0.80'], cacheRead: [2211, '0.08'], output: [64, '4.00'] },
    nanos: 444_880n,
  },
  {
    what: 'a message behind a proxy that speaks as OpenAI does: the cached part is inside the prompt',
    ...{ provider, model: 'claude-sonnet-4-20250514', source },
    usage: {
      prompt_tokens: 3000,
      completion_tokens: 120,
      total_tokens: 3120,
      prompt_tokens_details: { cached_tokens: 2900 },
    },
    terms: { input: [100, '3.00'], cacheRead: [2900, '0.30'], output: [120, '15.00'] },
    nanos: 2_970_000n,
  },
  {
    what: 'hosted on Vertex, in its own shape',
    ...{ provider: 'vertex_ai', model: 'claude-sonnet-4-5@20250929', source: VERTEX },
    usage: { input_tokens: 33, cache_read_input_tokens: 1500, output_tokens: 77 },
    terms: { input: [33, '3.00'], cacheRead: [1500, '0.30'], output: [77, '15.00'] },
    nanos: 1_704_000n,
  },
  {
    what: 'hosted on Vertex, with a write for an hour, at twice the input',
    ...{ provider: 'vertex_ai', model: 'claude-sonnet-4-5@20250929', source: VERTEX },
    usage: {
      input_tokens: 20,
      cache_creation_input_tokens: 1000,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1000 },
      output_tokens: 10,
    },
    terms: { input: [20, '3.00'], cacheWrite1h: [1000, '6.00'], output: [10, '15.00'] },
    nanos: 6_210_000n,
  },
]
