/** Bedrock's Converse, and what its models answer by themselves: reads and writes come beside the input. */
import type { ResponseRow } from './response-row.ts'

const source = 'https://aws.amazon.com/bedrock/pricing/'
const provider = 'aws.bedrock'

export const BEDROCK: readonly ResponseRow[] = [
  {
    what: 'a regional profile, with reads and writes beside the input, a tenth above the global price',
    ...{ provider, model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', source },
    usage: {
      ...{ inputTokens: 30, outputTokens: 200, totalTokens: 1730 },
      ...{ cacheReadInputTokens: 1000, cacheWriteInputTokens: 500 },
      cacheDetails: [{ ttl: '5m', inputTokens: 500 }],
    },
    terms: {
      ...{ input: [30, '3.30'], cacheRead: [1000, '0.33'], cacheWrite5m: [500, '4.125'] },
      output: [200, '16.50'],
    },
    nanos: 5_791_500n,
  },
  {
    what: 'the global profile',
    ...{ provider, model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0', source },
    usage: { inputTokens: 30, outputTokens: 200, totalTokens: 1230, cacheReadInputTokens: 1000 },
    terms: { input: [30, '3.00'], cacheRead: [1000, '0.30'], output: [200, '15.00'] },
    nanos: 3_390_000n,
  },
  {
    what: 'writes split by how long they live, for a model whose hour is listed',
    ...{ provider, model: 'global.anthropic.claude-opus-5-5', source },
    usage: {
      ...{ inputTokens: 12, outputTokens: 90, totalTokens: 4102, cacheWriteInputTokens: 4000 },
      cacheDetails: [
        { ttl: '1h', inputTokens: 3000 },
        { ttl: '5m', inputTokens: 1000 },
      ],
    },
    terms: {
      ...{ input: [12, '4.00'], cacheWrite5m: [1000, '5.00'], cacheWrite1h: [3000, '8.00'] },
      output: [90, '20.00'],
    },
    nanos: 30_848_000n,
  },
  {
    what: 'a write for an hour, at twice the input',
    ...{ provider, model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', source },
    usage: {
      ...{ inputTokens: 5, outputTokens: 40, totalTokens: 1069, cacheWriteInputTokens: 1024 },
      cacheDetails: [{ ttl: '1h', inputTokens: 1024 }],
    },
    terms: { input: [5, '1.10'], cacheWrite1h: [1024, '2.20'], output: [40, '5.50'] },
    nanos: 2_478_300n,
  },
  {
    what: "Claude invoked by itself, in Anthropic's shape",
    ...{ provider: 'bedrock', model: 'anthropic.claude-3-5-sonnet-20241022-v2:0', source },
    usage: { input_tokens: 2095, output_tokens: 503 },
    terms: { input: [2095, '3.00'], output: [503, '15.00'] },
    nanos: 13_830_000n,
  },
  {
    what: 'a few tokens of Nova Lite',
    ...{ provider: 'bedrock', model: 'amazon.nova-lite-v1:0', source },
    usage: { inputTokens: 17, outputTokens: 3, totalTokens: 20 },
    terms: { input: [17, '0.06'], output: [3, '0.24'] },
    nanos: 1_740n,
  },
  {
    what: 'a cached prompt of Nova Micro, whose cached token costs less than nine nano-dollars',
    ...{ provider, model: 'amazon.nova-micro-v1:0', source },
    usage: { inputTokens: 11, outputTokens: 9, totalTokens: 1021, cacheReadInputTokens: 1001 },
    terms: { input: [11, '0.035'], cacheRead: [1001, '0.00875'], output: [9, '0.14'] },
    // 385 + 8,758.75 + 1,260 = 10,403.75
    nanos: 10_404n,
  },
  {
    what: 'Nova Pro by a regional profile, which has the same price',
    ...{ provider: 'amazon-bedrock', model: 'eu.amazon.nova-pro-v1:0', source },
    usage: { inputTokens: 1200, outputTokens: 340, totalTokens: 1540 },
    terms: { input: [1200, '0.80'], output: [340, '3.20'] },
    nanos: 2_048_000n,
  },
  {
    what: 'Llama',
    ...{ provider, model: 'us.meta.llama3-3-70b-instruct-v1:0', source },
    usage: { inputTokens: 410, outputTokens: 95, totalTokens: 505 },
    terms: { input: [410, '0.72'], output: [95, '0.72'] },
    nanos: 363_600n,
  },
  {
    what: 'Mistral',
    ...{ provider, model: 'mistral.mistral-large-2402-v1:0', source },
    usage: { inputTokens: 64, outputTokens: 128, totalTokens: 192 },
    terms: { input: [64, '4.00'], output: [128, '12.00'] },
    nanos: 1_792_000n,
  },
]
