/** OpenAI's responses, embeddings, realtime and transcriptions, and the same models on Azure. */
import type { Response } from './response.ts'

const OPENAI = { provider: 'openai', source: 'https://developers.openai.com/api/docs/pricing' } as const
const AZURE = {
  provider: 'azure.ai.openai',
  source: 'https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/',
} as const

export const OPENAI_OTHERS: readonly Response[] = [
  {
    ...{ ...OPENAI, model: 'gpt-5-2025-08-07' },
    what: 'a response that reasons: reasoning is part of the output',
    usage: {
      ...{ input_tokens: 2000, input_tokens_details: { cached_tokens: 1920 } },
      ...{ output_tokens: 1500, output_tokens_details: { reasoning_tokens: 1408 }, total_tokens: 3500 },
    },
    terms: '80 x 1.25 + 1920 x 0.125 + 1500 x 10.00',
    nanos: 15_340_000n,
  },
  {
    ...{ ...OPENAI, model: 'o3-2025-04-16' },
    what: 'a response of a model of reasoning',
    usage: {
      ...{ input_tokens: 75, input_tokens_details: { cached_tokens: 0 } },
      ...{ output_tokens: 1186, output_tokens_details: { reasoning_tokens: 1024 }, total_tokens: 1261 },
    },
    terms: '75 x 2.00 + 1186 x 8.00',
    nanos: 9_638_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-5.6-terra' },
    what: 'a response that wrote to the cache and read from it',
    usage: {
      ...{ input_tokens: 9000, input_tokens_details: { cached_tokens: 4000, cache_write_tokens: 4500 } },
      ...{ output_tokens: 220, output_tokens_details: { reasoning_tokens: 128 }, total_tokens: 9220 },
    },
    terms: '500 x 2.00 + 4000 x 0.20 + 4500 x 2.50 + 220 x 12.00',
    nanos: 15_690_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4.1-2025-04-14', facts: { service_tier: 'default' } },
    what: 'a response that searched the web: its tokens; the fee of the search is a known gap',
    usage: {
      ...{ input_tokens: 8462, input_tokens_details: { cached_tokens: 0 } },
      ...{ output_tokens: 411, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 8873 },
    },
    terms: '8462 x 2.00 + 411 x 8.00',
    nanos: 20_212_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-6-sol' },
    what: 'a long response, above 272,000 tokens',
    usage: {
      ...{ input_tokens: 300_000, input_tokens_details: { cached_tokens: 100_000 } },
      ...{ output_tokens: 2000, output_tokens_details: { reasoning_tokens: 1500 } },
    },
    terms: '200000 x 4.00 + 100000 x 0.40 + 2000 x 15.00',
    nanos: 870_000_000n,
  },
  {
    ...{ ...OPENAI, model: 'text-embedding-3-small' },
    what: 'an embedding of ten tokens, which six decimals of a dollar would round to nothing',
    usage: { prompt_tokens: 10, total_tokens: 10 },
    terms: '10 x 0.02',
    nanos: 200n,
  },
  {
    ...{ ...OPENAI, model: 'text-embedding-3-large' },
    what: 'an embedding on the large model',
    usage: { prompt_tokens: 5, total_tokens: 5 },
    terms: '5 x 0.13',
    nanos: 650n,
  },
  {
    ...{ ...OPENAI, model: 'text-embedding-3-large', facts: { service_tier: 'batch' } },
    what: 'an embedding in a batch',
    usage: { prompt_tokens: 8191, total_tokens: 8191 },
    terms: '8191 x 0.065',
    nanos: 532_415n,
  },
  {
    ...{ ...OPENAI, model: 'text-embedding-ada-002' },
    what: 'an embedding of before',
    usage: { prompt_tokens: 4096, total_tokens: 4096 },
    terms: '4096 x 0.10',
    nanos: 409_600n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4o-realtime-preview' },
    what: 'a realtime turn with audio, part of it cached',
    usage: {
      ...{ total_tokens: 379, input_tokens: 253, output_tokens: 126 },
      input_token_details: {
        ...{ text_tokens: 160, audio_tokens: 93, cached_tokens: 192 },
        cached_tokens_details: { text_tokens: 128, audio_tokens: 64 },
      },
      output_token_details: { text_tokens: 30, audio_tokens: 96 },
    },
    terms: '32 x 5.00 + 29 x 40.00 + 192 x 2.50 + 30 x 20.00 + 96 x 80.00',
    nanos: 10_080_000n,
  },
  {
    ...{ ...OPENAI, model: 'gpt-4o-transcribe' },
    what: 'a transcription that is charged by tokens',
    usage: {
      ...{ type: 'tokens', total_tokens: 151, input_tokens: 110, output_tokens: 41 },
      input_token_details: { text_tokens: 0, audio_tokens: 110 },
    },
    terms: '110 x 6.00 + 41 x 10.00',
    nanos: 1_070_000n,
  },
  {
    ...{ ...AZURE, model: 'gpt-4o-2024-08-06' },
    what: 'Azure, by the model that answered',
    usage: { prompt_tokens: 18, completion_tokens: 5, total_tokens: 23 },
    terms: '18 x 2.50 + 5 x 10.00',
    nanos: 95_000n,
  },
  {
    ...{ ...AZURE, provider: 'azure', model: 'prod-chat' },
    what: "Azure, by the organisation's name for the deployment",
    usage: {
      ...{ prompt_tokens: 1500, completion_tokens: 250, total_tokens: 1750 },
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    own: {
      aliases: [{ provider: 'azure', alias: 'prod-chat', to_provider: 'azure', to_model: 'gpt-4.1' }],
    },
    terms: '476 x 2.00 + 1024 x 0.50 + 250 x 8.00',
    nanos: 3_464_000n,
  },
  {
    ...{ ...AZURE, provider: 'azure', model: 'prod-chat', costSource: 'unpriced' },
    what: 'Azure, by the name of a deployment that nobody has told: no price, and never $0',
    usage: { prompt_tokens: 1500, completion_tokens: 250, total_tokens: 1750 },
    terms: '',
    nanos: null,
  },
  {
    ...{ ...AZURE, provider: 'azure_openai', model: 'gpt-4o-mini', facts: { service_tier: 'batch' } },
    what: 'Azure in a batch of a global deployment',
    usage: { prompt_tokens: 4000, completion_tokens: 600, total_tokens: 4600 },
    terms: '4000 x 0.075 + 600 x 0.30',
    nanos: 480_000n,
  },
  {
    ...{ ...AZURE, provider: 'azure', model: 'text-embedding-3-large' },
    what: 'an embedding on Azure',
    usage: { prompt_tokens: 333, total_tokens: 333 },
    terms: '333 x 0.13',
    nanos: 43_290n,
  },
]
