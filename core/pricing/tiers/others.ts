/** The tiers of Bedrock, of Claude on Vertex, and of the providers that copy OpenAI's API. */
import { HALF, SAME, TEXT, TEXT_AND_CACHE, TEXT_AND_READS, type TierFact } from './tier-fact.ts'

/** Batches of models that support them; flex and priority since their launch, at half and at a premium of 75%. */
const BEDROCK = {
  ...{ provider: 'aws', source: 'https://aws.amazon.com/bedrock/pricing/', readOn: '2026-11-25' },
} as const
const TIERED = { ...BEDROCK, from: '2025-11-18' } as const
const NOVA = ['amazon.nova-pro-v1:0', 'global.amazon.nova-2-lite-v1:0', 'regional.amazon.nova-2-lite-v1:0']
const LLAMA = ['meta.llama3-1-8b-*', 'meta.llama3-1-70b-*', 'meta.llama3-3-70b-*', 'meta.llama4-*']
const GPT_OSS = ['openai.gpt-oss-120b-1:0', 'openai.gpt-oss-20b-1:0']

export const OTHER_TIERS: readonly TierFact[] = [
  {
    ...{ ...BEDROCK, tiers: ['batch'], from: '2024-08-21', share: HALF, classes: TEXT },
    models: [
      ...['amazon.nova-micro-v1:0', 'amazon.nova-lite-v1:0', 'amazon.nova-premier-v1:0', ...NOVA, ...GPT_OSS],
      ...LLAMA,
      ...['global.anthropic.claude-sonnet-4-5-*', 'regional.anthropic.claude-sonnet-4-5-*'],
      ...['global.anthropic.claude-haiku-4-5-*', 'regional.anthropic.claude-haiku-4-5-*'],
    ],
  },
  {
    ...{ tiers: ['batch'], provider: 'google', from: '2025-01-01', share: HALF, classes: TEXT },
    ...{ models: ['claude-*'], readOn: '2026-11-25' },
    source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing',
  },
  { ...TIERED, tiers: ['flex'], models: NOVA, share: HALF, classes: TEXT_AND_READS },
  { ...TIERED, tiers: ['flex'], models: GPT_OSS, share: HALF, classes: TEXT },
  { ...TIERED, tiers: ['priority'], models: NOVA, share: [7n, 4n], classes: TEXT_AND_READS },
  { ...TIERED, tiers: ['priority'], models: GPT_OSS, share: [7n, 4n], classes: TEXT },
  {
    ...{ tiers: ['batch'], provider: 'mistral', from: '2024-11-07', share: HALF, classes: TEXT_AND_CACHE },
    models: ['mistral-*', 'ministral-*', 'codestral*', 'magistral-*', 'devstral-*', 'pixtral-*'],
    ...{ source: 'https://docs.mistral.ai/capabilities/batch/', readOn: '2026-10-14' },
  },
  {
    // A cached token costs half of the input as it is, and no less in a batch.
    ...{ tiers: ['batch'], provider: 'groq', from: '2026-10-14', share: HALF, classes: TEXT_AND_READS },
    ...{ models: ['*'], shares: { cacheRead: SAME } },
    ...{ source: 'https://console.groq.com/docs/batch', readOn: '2026-10-14' },
  },
  {
    // More calls a minute, which may fail, at the price of others.
    ...{ tiers: ['flex'], provider: 'groq', from: '2026-10-14', share: SAME, classes: TEXT_AND_READS },
    ...{ models: ['*'], source: 'https://console.groq.com/docs/flex-processing', readOn: '2026-11-25' },
  },
  {
    ...{ tiers: ['batch'], provider: 'x-ai', from: '2026-10-14', share: [4n, 5n], classes: TEXT_AND_READS },
    ...{ models: ['grok-4.20', 'grok-4.3'], source: 'https://docs.x.ai/docs/models', readOn: '2026-10-14' },
  },
  {
    ...{ tiers: ['us', 'regional'], provider: 'x-ai', from: '2026-11-25', share: [11n, 10n] },
    ...{ models: ['grok-4.20', 'grok-4.3', 'grok-4.5', 'grok-4.6'], classes: TEXT_AND_READS },
    ...{ source: 'https://docs.x.ai/developers/pricing', readOn: '2026-11-25' },
  },
]
