/** Gemini by its own API and by Vertex, and Claude on Vertex. */
import type { Response } from './response.ts'

const GEMINI = { provider: 'gcp.gemini', source: 'https://ai.google.dev/gemini-api/docs/pricing' } as const
const VERTEX = {
  provider: 'vertex_ai',
  source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing',
} as const

export const GEMINI_RESPONSES: readonly Response[] = [
  {
    ...{ ...GEMINI, model: 'gemini-2.5-pro' },
    what: 'thoughts, which come beside the candidates, and a cached prompt, which is inside',
    usage: {
      ...{ promptTokenCount: 1000, cachedContentTokenCount: 600, candidatesTokenCount: 200 },
      ...{ thoughtsTokenCount: 900, totalTokenCount: 2100 },
    },
    terms: '400 x 1.25 + 600 x 0.125 + 1100 x 10.00',
    nanos: 11_575_000n,
  },
  {
    ...{ ...GEMINI, provider: 'google', model: 'gemini-2.5-pro' },
    what: 'a prompt above 200,000 tokens',
    usage: { promptTokenCount: 250_000, candidatesTokenCount: 100, totalTokenCount: 250_100 },
    terms: '250000 x 2.50 + 100 x 15.00',
    nanos: 626_500_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-2.5-flash-lite' },
    what: 'the smallest of them',
    usage: { promptTokenCount: 77, candidatesTokenCount: 23, totalTokenCount: 100 },
    terms: '77 x 0.10 + 23 x 0.40',
    nanos: 16_900n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-2.5-flash' },
    what: 'the prompts of built-in tools, on top of the prompt',
    usage: {
      ...{ promptTokenCount: 120, toolUsePromptTokenCount: 3400, candidatesTokenCount: 210 },
      ...{ thoughtsTokenCount: 64, totalTokenCount: 3794 },
    },
    terms: '3520 x 0.30 + 274 x 2.50',
    nanos: 1_741_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-3.1-pro-preview' },
    what: 'a long prompt of which most was cached',
    usage: {
      ...{ promptTokenCount: 240_000, cachedContentTokenCount: 200_000, candidatesTokenCount: 800 },
      thoughtsTokenCount: 1200,
    },
    terms: '40000 x 4.00 + 200000 x 0.40 + 2000 x 18.00',
    nanos: 276_000_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-2.5-flash', facts: { service_tier: 'batch' } },
    what: 'a batch that hears audio',
    usage: {
      ...{ promptTokenCount: 1500, candidatesTokenCount: 90 },
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 250 },
        { modality: 'AUDIO', tokenCount: 1250 },
      ],
    },
    terms: '250 x 0.15 + 1250 x 0.50 + 90 x 1.25',
    nanos: 775_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-2.5-pro', facts: { service_tier: 'SERVICE_TIER_FLEX' } },
    what: 'flex, where what is cached costs as much as elsewhere',
    usage: { promptTokenCount: 3000, cachedContentTokenCount: 2000, candidatesTokenCount: 150 },
    terms: '1000 x 0.625 + 2000 x 0.125 + 150 x 5.00',
    nanos: 1_625_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-2.5-flash-lite', facts: { service_tier: 'priority' } },
    what: 'priority, at nine fifths',
    usage: { promptTokenCount: 3000, cachedContentTokenCount: 1000, candidatesTokenCount: 150 },
    terms: '2000 x 0.18 + 1000 x 0.018 + 150 x 0.72',
    nanos: 486_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-3.6-flash' },
    what: 'a price of introduction',
    usage: { promptTokenCount: 1000, candidatesTokenCount: 100, thoughtsTokenCount: 300 },
    terms: '1000 x 0.75 + 400 x 3.75',
    nanos: 2_250_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-3.6-flash', at: '2027-01-01T00:00:00Z' },
    what: 'the same call once the introduction is over',
    usage: { promptTokenCount: 1000, candidatesTokenCount: 100, thoughtsTokenCount: 300 },
    terms: '1000 x 1.50 + 400 x 7.50',
    nanos: 4_500_000n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-embedding-001', facts: { service_tier: 'batch' } },
    what: 'embeddings in a batch',
    usage: { promptTokenCount: 2048 },
    terms: '2048 x 0.075',
    nanos: 153_600n,
  },
  {
    ...{ ...GEMINI, model: 'gemini-live-2.5-flash' },
    what: 'a live turn that hears and speaks',
    usage: {
      ...{ promptTokenCount: 320, responseTokenCount: 260, totalTokenCount: 580 },
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 20 },
        { modality: 'AUDIO', tokenCount: 300 },
      ],
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 260 }],
    },
    terms: '20 x 0.50 + 300 x 3.00 + 260 x 12.00',
    nanos: 4_030_000n,
  },
  {
    ...{ ...VERTEX, model: 'gemini-2.5-flash' },
    what: 'audio heard, and the prompt of a tool on top, as the Python SDK spells them',
    usage: {
      prompt_token_count: 1050,
      prompt_tokens_details: [
        { modality: 'TEXT', token_count: 50 },
        { modality: 'AUDIO', token_count: 1000 },
      ],
      ...{ tool_use_prompt_token_count: 20, candidates_token_count: 40, thoughts_token_count: null },
    },
    terms: '70 x 0.30 + 1000 x 1.00 + 40 x 2.50',
    nanos: 1_121_000n,
  },
  {
    ...{ ...VERTEX, model: 'gemini-3-flash-preview' },
    what: 'priority on Vertex, which says the tier as a type of traffic',
    usage: { promptTokenCount: 900, candidatesTokenCount: 70, trafficType: 'ON_DEMAND_PRIORITY' },
    terms: '900 x 0.90 + 70 x 5.40',
    nanos: 1_188_000n,
  },
  {
    ...{ ...VERTEX, model: 'gemini-2.5-pro' },
    what: 'traffic on demand, which is the standard tier',
    usage: { promptTokenCount: 900, candidatesTokenCount: 70, trafficType: 'ON_DEMAND' },
    terms: '900 x 1.25 + 70 x 10.00',
    nanos: 1_825_000n,
  },
  {
    ...{ ...VERTEX, model: 'claude-sonnet-4-5@20250929' },
    what: 'Claude on Vertex, in its own shape',
    usage: { input_tokens: 12, cache_creation_input_tokens: 2100, output_tokens: 88 },
    terms: '12 x 3.00 + 2100 x 3.75 + 88 x 15.00',
    nanos: 9_231_000n,
  },
  {
    ...{ ...VERTEX, model: 'claude-opus-4-6', facts: { service_tier: 'batch' } },
    what: 'Claude on Vertex in a batch',
    usage: { input_tokens: 1200, output_tokens: 88 },
    terms: '1200 x 2.50 + 88 x 12.50',
    nanos: 4_100_000n,
  },
  {
    ...{ ...VERTEX, model: 'claude-opus-5' },
    what: 'a cache write of an hour by Claude on Vertex',
    usage: {
      ...{ input_tokens: 12, cache_creation_input_tokens: 2100, output_tokens: 88 },
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 2100 },
    },
    terms: '12 x 5.00 + 2100 x 10.00 + 88 x 25.00',
    nanos: 23_260_000n,
  },
]
