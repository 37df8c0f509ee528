/** Bedrock's Converse: additive, with the life of cache writes in `cacheDetails`. */
import type { Response } from './response.ts'

const BEDROCK = { provider: 'aws.bedrock', source: 'https://aws.amazon.com/bedrock/pricing/' } as const

export const BEDROCK_RESPONSES: readonly Response[] = [
  {
    ...{ ...BEDROCK, model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' },
    what: 'Claude by a regional profile, with reads and writes beside the input',
    usage: {
      ...{ inputTokens: 30, outputTokens: 200, totalTokens: 1730 },
      ...{ cacheReadInputTokens: 1000, cacheWriteInputTokens: 500 },
      cacheDetails: [{ ttl: '5m', inputTokens: 500 }],
    },
    terms: '30 x 3.30 + 1000 x 0.33 + 500 x 4.125 + 200 x 16.50',
    nanos: 5_791_500n,
  },
  {
    ...{ ...BEDROCK, model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0' },
    what: 'Claude by the global profile, ten percent cheaper',
    usage: {
      ...{ inputTokens: 30, outputTokens: 200, totalTokens: 1730 },
      ...{ cacheReadInputTokens: 1000, cacheWriteInputTokens: 500 },
    },
    terms: '30 x 3.00 + 1000 x 0.30 + 500 x 3.75 + 200 x 15.00',
    nanos: 5_265_000n,
  },
  {
    ...{ ...BEDROCK, model: 'eu.anthropic.claude-haiku-4-5-20251001-v1:0' },
    what: 'cache writes that live an hour and five minutes, told apart by their details',
    usage: {
      ...{ inputTokens: 10, outputTokens: 20, cacheWriteInputTokens: 3000 },
      cacheDetails: [
        { ttl: '1h', inputTokens: 2000 },
        { ttl: '5m', inputTokens: 1000 },
      ],
    },
    terms: '10 x 1.10 + 2000 x 2.20 + 1000 x 1.375 + 20 x 5.50',
    nanos: 5_896_000n,
  },
  {
    ...{ ...BEDROCK, model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', facts: { service_tier: 'batch' } },
    what: 'Claude in a batch',
    usage: { inputTokens: 4001, outputTokens: 201, totalTokens: 4202 },
    terms: '4001 x 0.55 + 201 x 2.75',
    nanos: 2_753_300n,
  },
  {
    ...{ ...BEDROCK, provider: 'bedrock', model: 'amazon.nova-lite-v1:0' },
    what: 'a few tokens of Nova',
    usage: { inputTokens: 17, outputTokens: 3, totalTokens: 20 },
    terms: '17 x 0.06 + 3 x 0.24',
    nanos: 1_740n,
  },
  {
    ...{ ...BEDROCK, model: 'amazon.nova-micro-v1:0' },
    what: 'Nova reading its cache at fractions of a cent a million, rounded once',
    usage: { inputTokens: 11, outputTokens: 7, cacheReadInputTokens: 1001 },
    terms: '11 x 0.035 + 1001 x 0.00875 + 7 x 0.14',
    nanos: 10_124n,
  },
  {
    ...{ ...BEDROCK, model: 'us.amazon.nova-pro-v1:0', facts: { service_tier: 'flex' } },
    what: 'Nova in flex',
    usage: { inputTokens: 900, outputTokens: 120, cacheReadInputTokens: 600 },
    terms: '900 x 0.40 + 600 x 0.10 + 120 x 1.60',
    nanos: 612_000n,
  },
  {
    ...{ ...BEDROCK, model: 'us.amazon.nova-2-lite-v1:0', facts: { service_tier: 'priority' } },
    what: 'Nova 2 of a region in priority, 75% above',
    usage: { inputTokens: 800, outputTokens: 40 },
    terms: '800 x 0.5775 + 40 x 4.8125',
    nanos: 654_500n,
  },
  {
    ...{ ...BEDROCK, model: 'us.meta.llama3-3-70b-instruct-v1:0', facts: { service_tier: 'default' } },
    what: 'Llama in the default tier',
    usage: { inputTokens: 251, outputTokens: 99, totalTokens: 350 },
    terms: '251 x 0.72 + 99 x 0.72',
    nanos: 252_000n,
  },
  {
    ...{ ...BEDROCK, model: 'openai.gpt-oss-120b-1:0', facts: { service_tier: 'flex' } },
    what: 'an open model in flex, by its shape of OpenAI',
    usage: { prompt_tokens: 640, completion_tokens: 222, total_tokens: 862 },
    terms: '640 x 0.075 + 222 x 0.30',
    nanos: 114_600n,
  },
  {
    ...{ ...BEDROCK, model: 'amazon.titan-embed-text-v2:0' },
    what: 'an embedding of the second Titan, a fifth of the first',
    usage: { inputTokens: 137 },
    terms: '137 x 0.02',
    nanos: 2_740n,
  },
]
