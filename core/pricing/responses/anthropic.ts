/** Anthropic's messages: what is read from and written to the cache comes beside the input. */
import type { Response } from './response.ts'

const PRICING = 'https://platform.claude.com/docs/en/about-claude/pricing'
const BATCHES = 'https://platform.claude.com/docs/en/build-with-claude/batch-processing'
const FAST_MODE = 'https://platform.claude.com/docs/en/build-with-claude/fast-mode'
const RESIDENCY = 'https://platform.claude.com/docs/en/manage-claude/data-residency'
const ANTHROPIC = { provider: 'anthropic', source: PRICING } as const

export const ANTHROPIC_MESSAGES: readonly Response[] = [
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-4-1-20250805' },
    what: 'a plain message',
    usage: { input_tokens: 2095, output_tokens: 503 },
    terms: '2095 x 15.00 + 503 x 75.00',
    nanos: 69_150_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-5-20250929' },
    what: 'a long prompt read from the cache, below 200,000 tokens',
    usage: {
      ...{ input_tokens: 21, cache_creation_input_tokens: 0, cache_read_input_tokens: 188_086 },
      ...{ output_tokens: 393, service_tier: 'standard' },
    },
    terms: '21 x 3.00 + 188086 x 0.30 + 393 x 15.00',
    nanos: 62_383_800n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-6' },
    what: 'a cache write that lives five minutes',
    usage: {
      ...{ input_tokens: 14, cache_creation_input_tokens: 4211, cache_read_input_tokens: 0 },
      cache_creation: { ephemeral_5m_input_tokens: 4211, ephemeral_1h_input_tokens: 0 },
      ...{ output_tokens: 97, service_tier: 'standard', inference_geo: 'global' },
    },
    terms: '14 x 3.00 + 4211 x 3.75 + 97 x 15.00',
    nanos: 17_288_250n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-4-5-20251101' },
    what: 'a cache write that lives an hour',
    usage: {
      ...{ input_tokens: 7, cache_creation_input_tokens: 10_240, cache_read_input_tokens: 0 },
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 10_240 },
      output_tokens: 212,
    },
    terms: '7 x 5.00 + 10240 x 10.00 + 212 x 25.00',
    nanos: 107_735_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-5-20250929' },
    what: 'cache writes that live five minutes and an hour',
    usage: {
      ...{ input_tokens: 50, cache_read_input_tokens: null, cache_creation_input_tokens: 3000 },
      cache_creation: { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 2000 },
      output_tokens: 503,
    },
    terms: '50 x 3.00 + 1000 x 3.75 + 2000 x 6.00 + 503 x 15.00',
    nanos: 23_445_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-5' },
    what: 'reading from the cache and writing to both of its lives at once',
    usage: {
      ...{ input_tokens: 3, cache_read_input_tokens: 52_000, cache_creation_input_tokens: 1300 },
      cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 1000 },
      output_tokens: 640,
    },
    terms: '3 x 5.00 + 52000 x 0.50 + 300 x 6.25 + 1000 x 10.00 + 640 x 25.00',
    nanos: 53_890_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-haiku-4-5-20251001' },
    what: 'an older answer that says only how much was written',
    usage: {
      ...{ input_tokens: 4, cache_creation_input_tokens: 2048, cache_read_input_tokens: 0 },
      output_tokens: 10,
    },
    terms: '4 x 1.00 + 2048 x 1.25 + 10 x 5.00',
    nanos: 2_614_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-3-haiku-20240307' },
    what: 'the cheapest of before',
    usage: { input_tokens: 1024, output_tokens: 333 },
    terms: '1024 x 0.25 + 333 x 1.25',
    nanos: 672_250n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-5-5' },
    what: 'thinking, which is inside the output and not told apart',
    usage: { input_tokens: 410, output_tokens: 6120, cache_read_input_tokens: 20_000 },
    terms: '410 x 4.00 + 20000 x 0.20 + 6120 x 20.00',
    nanos: 128_040_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-5-20250929' },
    what: 'a prompt that passes 200,000 tokens by what it read from the cache',
    usage: { input_tokens: 10, cache_read_input_tokens: 200_000, output_tokens: 100 },
    terms: '10 x 6.00 + 200000 x 0.60 + 100 x 22.50',
    nanos: 122_310_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-6', at: '2026-03-12T12:00:00Z' },
    what: 'a long prompt while long prompts were dearer',
    usage: { input_tokens: 250_000, output_tokens: 1000 },
    terms: '250000 x 6.00 + 1000 x 22.50',
    nanos: 1_522_500_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-6', at: '2026-03-13T12:00:00Z' },
    what: 'the same long prompt a day later',
    usage: { input_tokens: 250_000, output_tokens: 1000 },
    terms: '250000 x 3.00 + 1000 x 15.00',
    nanos: 765_000_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-5-20250929', source: BATCHES },
    what: 'a message of a batch, as its usage says',
    usage: { input_tokens: 1811, output_tokens: 240, service_tier: 'batch' },
    terms: '1811 x 1.50 + 240 x 7.50',
    nanos: 4_516_500n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-haiku-4-5-20251001', source: BATCHES },
    what: 'a batch that reads from and writes to the cache: the discounts add up',
    usage: {
      ...{ input_tokens: 101, cache_read_input_tokens: 3000, cache_creation_input_tokens: 777 },
      ...{ output_tokens: 51, service_tier: 'batch' },
    },
    terms: '101 x 0.50 + 3000 x 0.05 + 777 x 0.625 + 51 x 2.50',
    nanos: 813_625n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-5-20250929', source: BATCHES },
    what: 'a long prompt in a batch, at half of the dearer rate',
    usage: { input_tokens: 240_000, output_tokens: 900, service_tier: 'batch' },
    terms: '240000 x 3.00 + 900 x 11.25',
    nanos: 730_125_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-5', source: FAST_MODE },
    what: 'fast mode, whose multiplier holds for the cache too',
    usage: {
      ...{ input_tokens: 90, cache_read_input_tokens: 8000, output_tokens: 700 },
      ...{ service_tier: 'standard', speed: 'fast' },
    },
    terms: '90 x 10.00 + 8000 x 1.00 + 700 x 50.00',
    nanos: 43_900_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-4-6', source: FAST_MODE, at: '2026-04-10T12:00:00Z' },
    what: 'fast mode of an earlier model, six times as dear',
    usage: { input_tokens: 1200, output_tokens: 300, speed: 'fast' },
    terms: '1200 x 30.00 + 300 x 150.00',
    nanos: 81_000_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-4-6', source: RESIDENCY },
    what: 'inference held to the United States',
    usage: { input_tokens: 25, output_tokens: 150, inference_geo: 'us', service_tier: 'standard' },
    terms: '25 x 5.50 + 150 x 27.50',
    nanos: 4_262_500n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-opus-5', source: RESIDENCY },
    what: 'fast mode held to the United States: both multipliers',
    usage: { input_tokens: 100, output_tokens: 100, inference_geo: 'us', speed: 'fast' },
    terms: '100 x 11.00 + 100 x 55.00',
    nanos: 6_600_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-5', source: RESIDENCY },
    what: 'a batch held to the United States',
    usage: { input_tokens: 1000, output_tokens: 200, inference_geo: 'us', service_tier: 'batch' },
    terms: '1000 x 1.10 + 200 x 5.50',
    nanos: 2_200_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-4-5-20250929', costSource: 'estimated' },
    what: 'the priority tier, which is capacity bought beforehand: by the standard rates, as an estimate',
    usage: { input_tokens: 500, output_tokens: 80, service_tier: 'priority' },
    terms: '500 x 3.00 + 80 x 15.00',
    nanos: 2_700_000n,
  },
  {
    ...{ ...ANTHROPIC, model: 'claude-sonnet-5' },
    what: 'a message that searched the web: its tokens; the fee of the search is a known gap',
    usage: { input_tokens: 12_345, output_tokens: 678, server_tool_use: { web_search_requests: 2 } },
    terms: '12345 x 2.00 + 678 x 10.00',
    nanos: 31_470_000n,
  },
]
