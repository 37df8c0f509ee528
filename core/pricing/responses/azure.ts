/** Azure: by the model that answered, or by the name that an organisation gave a deployment. */
import type { OwnPricing } from '../own-prices.ts'
import type { ResponseRow } from './response-row.ts'

const source = 'https://azure.microsoft.com/en-us/pricing/details/cognitive-services/openai-service/'

/** A deployment's name says nothing of the model behind it, so the organisation says it. */
const DEPLOYMENTS: OwnPricing = {
  prices: [],
  aliases: [
    { provider: 'azure', alias: 'prod-chat', toProvider: 'azure', toModel: 'gpt-4o-2024-08-06' },
    { provider: 'azure', alias: 'search-vectors', toProvider: 'azure', toModel: 'text-embedding-3-large' },
  ],
}

export const AZURE: readonly ResponseRow[] = [
  {
    what: 'by the model that answered',
    ...{ provider: 'azure.ai.openai', model: 'gpt-4o-2024-08-06', source },
    usage: { prompt_tokens: 18, completion_tokens: 5, total_tokens: 23 },
    terms: { input: [18, '2.50'], output: [5, '10.00'] },
    nanos: 95_000n,
  },
  {
    what: 'a chat that reasons, at a cached rate that Azure rounds up to whole cents',
    ...{ provider: 'azure', model: 'o4-mini-2025-04-16', source },
    usage: {
      prompt_tokens: 1355,
      completion_tokens: 900,
      total_tokens: 2255,
      prompt_tokens_details: { cached_tokens: 1280, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 704, audio_tokens: 0 },
    },
    terms: {
      ...{ input: [75, '1.10'], cacheRead: [1280, '0.28'] },
      ...{ output: [196, '4.40'], reasoning: [704, '4.40'] },
    },
    nanos: 4_400_900n,
  },
  {
    what: 'an embedding',
    ...{ provider: 'azure_openai', model: 'text-embedding-3-small', source },
    usage: { prompt_tokens: 1021, total_tokens: 1021 },
    terms: { input: [1021, '0.02'] },
    nanos: 20_420n,
  },
  {
    what: 'a deployment, by the name that the organisation gave it',
    ...{ provider: 'azure', model: 'prod-chat', source },
    own: DEPLOYMENTS,
    usage: {
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920 },
    },
    terms: { input: [86, '2.50'], cacheRead: [1920, '1.25'], output: [300, '10.00'] },
    nanos: 5_615_000n,
  },
  {
    what: 'a deployment of an embedding, whose provider is written in capitals',
    ...{ provider: 'Azure', model: 'search-vectors', source },
    own: DEPLOYMENTS,
    usage: { prompt_tokens: 7, total_tokens: 7 },
    terms: { input: [7, '0.13'] },
    nanos: 910n,
  },
  {
    what: 'a deployment that nobody has named: unpriced, not free',
    ...{ provider: 'azure', model: 'team-blue', source },
    own: DEPLOYMENTS,
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    terms: { input: [7, null], output: [3, null] },
    nanos: null,
    costSource: 'unpriced',
  },
]
