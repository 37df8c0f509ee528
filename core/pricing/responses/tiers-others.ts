/** The service tiers of everyone but OpenAI, and Anthropic's fast mode and region. */
import type { ResponseRow } from './response-row.ts'

const CLAUDE = 'https://platform.claude.com/docs/en/about-claude/pricing'
const BATCHES = 'https://platform.claude.com/docs/en/build-with-claude/batch-processing'
const FAST_MODE = 'https://platform.claude.com/docs/en/build-with-claude/fast-mode'
const RESIDENCY = 'https://platform.claude.com/docs/en/manage-claude/data-residency'
const GEMINI = 'https://ai.google.dev/gemini-api/docs/pricing'
const VERTEX = 'https://cloud.google.com/vertex-ai/generative-ai/pricing'
const BEDROCK = 'https://aws.amazon.com/bedrock/pricing/'
const XAI = 'https://docs.x.ai/docs/models'
const MISTRAL = 'https://docs.mistral.ai/capabilities/batch/'
const GROQ_FLEX = 'https://console.groq.com/docs/flex-processing'
const GROQ_BATCH = 'https://console.groq.com/docs/batch'

export const TIERS_OF_OTHERS: readonly ResponseRow[] = [
  {
    what: 'a message of a batch, as its usage says',
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', source: BATCHES },
    usage: { input_tokens: 1811, output_tokens: 240, service_tier: 'batch' },
    terms: { input: [1811, '1.50'], output: [240, '7.50'] },
    nanos: 4_516_500n,
  },
  {
    what: 'a batch that reads from and writes to the cache: the discounts add up',
    ...{ provider: 'anthropic', model: 'claude-haiku-4-5-20251001', source: BATCHES },
    usage: {
      input_tokens: 101,
      cache_read_input_tokens: 3000,
      cache_creation_input_tokens: 777,
      output_tokens: 51,
      service_tier: 'batch',
    },
    terms: {
      input: [101, '0.50'],
      cacheRead: [3000, '0.05'],
      cacheWrite5m: [777, '0.625'],
      output: [51, '2.50'],
    },
    nanos: 813_625n,
  },
  {
    what: 'a long prompt in a batch, at half of the dearer rate',
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', source: BATCHES },
    usage: { input_tokens: 240_000, output_tokens: 900, service_tier: 'batch' },
    terms: { input: [240_000, '3.00'], output: [900, '11.25'] },
    nanos: 730_125_000n,
  },
  {
    what: 'fast mode, whose multiplier holds for the cache too',
    ...{ provider: 'anthropic', model: 'claude-opus-5', source: FAST_MODE },
    usage: {
      input_tokens: 90,
      cache_read_input_tokens: 8000,
      output_tokens: 700,
      service_tier: 'standard',
      speed: 'fast',
    },
    terms: { input: [90, '10.00'], cacheRead: [8000, '1.00'], output: [700, '50.00'] },
    nanos: 43_900_000n,
  },
  {
    what: 'fast mode of an earlier model, six times as dear',
    ...{ provider: 'anthropic', model: 'claude-opus-4-6', source: FAST_MODE },
    at: '2026-04-10T12:00:00Z',
    usage: { input_tokens: 1200, output_tokens: 300, speed: 'fast' },
    terms: { input: [1200, '30.00'], output: [300, '150.00'] },
    nanos: 81_000_000n,
  },
  {
    what: 'inference held to the United States',
    ...{ provider: 'anthropic', model: 'claude-opus-4-6', source: RESIDENCY },
    usage: { input_tokens: 25, output_tokens: 150, inference_geo: 'us', service_tier: 'standard' },
    terms: { input: [25, '5.50'], output: [150, '27.50'] },
    nanos: 4_262_500n,
  },
  {
    what: 'fast mode held to the United States: both multipliers',
    ...{ provider: 'anthropic', model: 'claude-opus-5', source: RESIDENCY },
    usage: { input_tokens: 100, output_tokens: 100, inference_geo: 'us', speed: 'fast' },
    terms: { input: [100, '11.00'], output: [100, '55.00'] },
    nanos: 6_600_000n,
  },
  {
    what: 'a batch held to the United States',
    ...{ provider: 'anthropic', model: 'claude-sonnet-5', source: RESIDENCY },
    usage: { input_tokens: 1000, output_tokens: 200, inference_geo: 'us', service_tier: 'batch' },
    terms: { input: [1000, '1.10'], output: [200, '5.50'] },
    nanos: 2_200_000n,
  },
  {
    what: 'the priority tier, which is bought beforehand: by the standard rates, as an estimate',
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', source: CLAUDE },
    usage: { input_tokens: 500, output_tokens: 80, service_tier: 'priority' },
    terms: { input: [500, '3.00'], output: [80, '15.00'] },
    nanos: 2_700_000n,
    costSource: 'estimated',
  },
  {
    what: 'a batch of Gemini that hears audio',
    ...{ provider: 'gcp.gemini', model: 'gemini-2.5-flash', source: GEMINI },
    serviceTier: 'batch',
    usage: {
      promptTokenCount: 1500,
      candidatesTokenCount: 90,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 250 },
        { modality: 'AUDIO', tokenCount: 1250 },
      ],
    },
    terms: { input: [250, '0.15'], audioIn: [1250, '0.50'], output: [90, '1.25'] },
    nanos: 775_000n,
  },
  {
    what: 'flex of Gemini, where what is cached costs as much as elsewhere',
    ...{ provider: 'gcp.gemini', model: 'gemini-2.5-pro', source: GEMINI },
    serviceTier: 'SERVICE_TIER_FLEX',
    usage: { promptTokenCount: 3000, candidatesTokenCount: 150, cachedContentTokenCount: 2000 },
    terms: { input: [1000, '0.625'], cacheRead: [2000, '0.125'], output: [150, '5.00'] },
    nanos: 1_625_000n,
  },
  {
    what: 'priority of Gemini, at nine fifths',
    ...{ provider: 'gcp.gemini', model: 'gemini-2.5-flash-lite', source: GEMINI },
    serviceTier: 'priority',
    usage: { promptTokenCount: 3000, candidatesTokenCount: 150, cachedContentTokenCount: 1000 },
    terms: { input: [2000, '0.18'], cacheRead: [1000, '0.018'], output: [150, '0.72'] },
    nanos: 486_000n,
  },
  {
    what: 'embeddings of Gemini in a batch',
    ...{ provider: 'gcp.gemini', model: 'gemini-embedding-001', source: GEMINI },
    serviceTier: 'batch',
    usage: { promptTokenCount: 2048 },
    terms: { input: [2048, '0.075'] },
    nanos: 153_600n,
  },
  {
    what: 'priority on Vertex, which says the tier as a type of traffic',
    ...{ provider: 'vertex_ai', model: 'gemini-3-flash-preview', source: VERTEX },
    usage: { promptTokenCount: 900, candidatesTokenCount: 70, trafficType: 'ON_DEMAND_PRIORITY' },
    terms: { input: [900, '0.90'], output: [70, '5.40'] },
    nanos: 1_188_000n,
  },
  {
    what: 'traffic on demand, which is the standard tier of Vertex',
    ...{ provider: 'vertex_ai', model: 'gemini-2.5-pro', source: VERTEX },
    usage: { promptTokenCount: 900, candidatesTokenCount: 70, trafficType: 'ON_DEMAND' },
    terms: { input: [900, '1.25'], output: [70, '10.00'] },
    nanos: 1_825_000n,
  },
  {
    what: 'Claude on Vertex in a batch',
    ...{ provider: 'vertex_ai', model: 'claude-opus-4-6', source: VERTEX },
    serviceTier: 'batch',
    usage: { input_tokens: 1200, output_tokens: 88 },
    terms: { input: [1200, '2.50'], output: [88, '12.50'] },
    nanos: 4_100_000n,
  },
  {
    what: 'Claude on Bedrock in a batch',
    ...{ provider: 'aws.bedrock', model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', source: BEDROCK },
    serviceTier: 'batch',
    usage: { inputTokens: 4001, outputTokens: 201 },
    terms: { input: [4001, '0.55'], output: [201, '2.75'] },
    nanos: 2_753_300n,
  },
  {
    what: 'Nova in flex',
    ...{ provider: 'aws.bedrock', model: 'us.amazon.nova-pro-v1:0', source: BEDROCK },
    serviceTier: 'flex',
    usage: { inputTokens: 900, outputTokens: 120, cacheReadInputTokens: 600 },
    terms: { input: [900, '0.40'], cacheRead: [600, '0.10'], output: [120, '1.60'] },
    nanos: 612_000n,
  },
  {
    what: 'Nova 2 of a region in priority, 75% above',
    ...{ provider: 'aws.bedrock', model: 'us.amazon.nova-2-lite-v1:0', source: BEDROCK },
    serviceTier: 'priority',
    usage: { inputTokens: 800, outputTokens: 40 },
    terms: { input: [800, '0.5775'], output: [40, '4.8125'] },
    nanos: 654_500n,
  },
  {
    what: 'an open model on Bedrock in flex',
    ...{ provider: 'aws.bedrock', model: 'openai.gpt-oss-120b-1:0', source: BEDROCK },
    serviceTier: 'flex',
    usage: { prompt_tokens: 640, completion_tokens: 222, total_tokens: 862 },
    terms: { input: [640, '0.075'], output: [222, '0.30'] },
    nanos: 114_600n,
  },
  {
    what: 'xAI in a batch, a fifth cheaper',
    ...{ provider: 'xai', model: 'grok-4.3', source: XAI },
    serviceTier: 'batch',
    usage: {
      prompt_tokens: 1500,
      completion_tokens: 300,
      total_tokens: 1800,
      prompt_tokens_details: { cached_tokens: 512 },
    },
    terms: { input: [988, '1.00'], cacheRead: [512, '0.16'], output: [300, '2.00'] },
    nanos: 1_669_920n,
  },
  {
    what: 'Mistral in a batch',
    ...{ provider: 'mistral_ai', model: 'mistral-large-2512', source: MISTRAL },
    serviceTier: 'batch',
    usage: { prompt_tokens: 1001, completion_tokens: 77, total_tokens: 1078 },
    terms: { input: [1001, '0.25'], output: [77, '0.75'] },
    nanos: 308_000n,
  },
  {
    what: "Groq's flex, which costs as much as any call",
    ...{ provider: 'groq', model: 'llama-3.1-8b-instant', source: GROQ_FLEX },
    serviceTier: 'flex',
    usage: { prompt_tokens: 700, completion_tokens: 60, total_tokens: 760 },
    terms: { input: [700, '0.05'], output: [60, '0.08'] },
    nanos: 39_800n,
  },
  {
    what: 'Groq in a batch, where a cached token costs as much as another',
    ...{ provider: 'groq', model: 'openai/gpt-oss-120b', source: GROQ_BATCH },
    serviceTier: 'batch',
    usage: {
      prompt_tokens: 900,
      completion_tokens: 100,
      total_tokens: 1000,
      prompt_tokens_details: { cached_tokens: 400 },
    },
    terms: { input: [500, '0.075'], cacheRead: [400, '0.075'], output: [100, '0.30'] },
    nanos: 97_500n,
  },
]
