/** Gemini, by API or by Vertex: the prompt includes what was cached; thoughts and the prompts of tools come beside. */
import type { ResponseRow } from './response-row.ts'

const source = 'https://ai.google.dev/gemini-api/docs/pricing'
const VERTEX = 'https://cloud.google.com/vertex-ai/generative-ai/pricing'
const provider = 'google'

export const GOOGLE: readonly ResponseRow[] = [
  {
    what: 'thoughts, which come beside the candidates, and a cached prompt, which is inside',
    ...{ provider: 'gcp.gemini', model: 'gemini-2.5-pro', source },
    usage: {
      ...{ promptTokenCount: 1000, cachedContentTokenCount: 600 },
      ...{ candidatesTokenCount: 200, thoughtsTokenCount: 900, totalTokenCount: 2100 },
    },
    terms: {
      ...{ input: [400, '1.25'], cacheRead: [600, '0.125'] },
      ...{ output: [200, '10.00'], reasoning: [900, '10.00'] },
    },
    nanos: 11_575_000n,
  },
  {
    what: 'all thought and no answer: the limit was reached',
    ...{ provider, model: 'gemini-2.5-pro', source },
    usage: { promptTokenCount: 12, thoughtsTokenCount: 1024, totalTokenCount: 1036 },
    terms: { input: [12, '1.25'], reasoning: [1024, '10.00'] },
    nanos: 10_255_000n,
  },
  {
    what: 'a prompt of exactly 200,000 tokens',
    ...{ provider, model: 'gemini-2.5-pro', source },
    usage: { promptTokenCount: 200_000, candidatesTokenCount: 100, totalTokenCount: 200_100 },
    terms: { input: [200_000, '1.25'], output: [100, '10.00'] },
    nanos: 251_000_000n,
  },
  {
    what: 'a prompt above 200,000 tokens, most of it cached',
    ...{ provider, model: 'gemini-2.5-pro', source },
    usage: {
      ...{ promptTokenCount: 250_000, cachedContentTokenCount: 240_000 },
      ...{ candidatesTokenCount: 100, totalTokenCount: 250_100 },
    },
    terms: { input: [10_000, '2.50'], cacheRead: [240_000, '0.25'], output: [100, '15.00'] },
    nanos: 86_500_000n,
  },
  {
    what: 'the next generation of the large model',
    ...{ provider, model: 'gemini-3-pro-preview', source },
    usage: {
      ...{ promptTokenCount: 300, candidatesTokenCount: 50, thoughtsTokenCount: 400, totalTokenCount: 750 },
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 300 }],
    },
    terms: { input: [300, '2.00'], output: [50, '12.00'], reasoning: [400, '12.00'] },
    nanos: 6_000_000n,
  },
  {
    what: 'audio heard, and the prompt of a tool on top, as the Python SDK spells them',
    ...{ provider: 'vertex_ai', model: 'gemini-2.5-flash', source: VERTEX },
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
    terms: { input: [70, '0.30'], audioIn: [1000, '1.00'], output: [40, '2.50'] },
    nanos: 1_121_000n,
  },
  {
    what: 'a cached prompt on Vertex, with a kind of traffic that changes no price',
    ...{ provider: 'vertex_ai', model: 'gemini-2.5-flash', source: VERTEX },
    usage: {
      ...{ promptTokenCount: 4113, cachedContentTokenCount: 4096, candidatesTokenCount: 29 },
      ...{ totalTokenCount: 4142, trafficType: 'ON_DEMAND' },
    },
    terms: { input: [17, '0.30'], cacheRead: [4096, '0.03'], output: [29, '2.50'] },
    nanos: 200_480n,
  },
  {
    what: 'a small model that hears',
    ...{ provider, model: 'gemini-2.5-flash-lite', source },
    usage: {
      promptTokenCount: 813,
      candidatesTokenCount: 61,
      totalTokenCount: 874,
      promptTokensDetails: [
        { modality: 'AUDIO', tokenCount: 800 },
        { modality: 'TEXT', tokenCount: 13 },
      ],
    },
    terms: { input: [13, '0.10'], audioIn: [800, '0.30'], output: [61, '0.40'] },
    nanos: 265_700n,
  },
  {
    what: 'pictures, which cost what text costs and are not told apart',
    ...{ provider, model: 'gemini-2.0-flash', source },
    usage: {
      ...{ promptTokenCount: 264, candidatesTokenCount: 15, totalTokenCount: 279 },
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 6 },
        { modality: 'IMAGE', tokenCount: 258 },
      ],
      candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 15 }],
    },
    terms: { input: [264, '0.10'], output: [15, '0.40'] },
    nanos: 32_400n,
  },
  {
    what: 'a turn of the live API, which says response where the others say candidates',
    ...{ provider, model: 'gemini-live-2.5-flash', source },
    usage: {
      promptTokenCount: 520,
      responseTokenCount: 210,
      totalTokenCount: 730,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 120 },
        { modality: 'AUDIO', tokenCount: 400 },
      ],
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 210 }],
    },
    terms: { input: [120, '0.50'], audioIn: [400, '3.00'], audioOut: [210, '12.00'] },
    nanos: 3_780_000n,
  },
  {
    what: 'an embedding, at the endpoint that speaks as OpenAI does',
    ...{ provider, model: 'gemini-embedding-001', source },
    usage: { prompt_tokens: 9, total_tokens: 9 },
    terms: { input: [9, '0.15'] },
    nanos: 1_350n,
  },
  {
    what: 'a call in the last second of the introductory price',
    ...{ provider, model: 'gemini-3.6-flash', source },
    at: '2026-12-31T23:59:59Z',
    usage: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
    terms: { input: [100, '0.75'], output: [20, '3.75'] },
    nanos: 150_000n,
  },
  {
    what: 'the same call in the new year, at twice the price',
    ...{ provider, model: 'gemini-3.6-flash', source },
    at: '2027-01-01T00:00:00Z',
    usage: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
    terms: { input: [100, '1.50'], output: [20, '7.50'] },
    nanos: 300_000n,
  },
]
