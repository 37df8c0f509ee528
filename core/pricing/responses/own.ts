/** What is priced otherwise than by the list: an organisation's own terms, calls without tokens, models unknown. */
import { usd, zeroUsd } from '../../money.ts'
import type { OwnCharge, OwnPrice, OwnPricing } from '../own-prices.ts'
import type { ResponseRow } from './response-row.ts'

const OPENAI = 'https://developers.openai.com/api/docs/pricing'
const AUDIO = 'https://developers.openai.com/api/docs/models/gpt-4o-audio-preview'
const ANTHROPIC = 'https://platform.claude.com/docs/en/about-claude/pricing'
const SELF_HOSTED = 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html'

export const OWN: readonly ResponseRow[] = [
  {
    what: 'a model that an organisation hosts itself, at the price that it set',
    ...{ provider: 'vllm', model: 'support-7b', source: SELF_HOSTED },
    own: owning({ provider: 'vllm', model: 'support-*', charge: atRates('0.08', '0.24') }),
    usage: { prompt_tokens: 900, completion_tokens: 60, total_tokens: 960, prompt_tokens_details: null },
    terms: { input: [900, '0.08'], output: [60, '0.24'] },
    nanos: 86_400n,
  },
  {
    what: 'a model that an organisation has by contract, with a fee for each request',
    ...{ provider: 'openai', model: 'gpt-4o', source: OPENAI },
    own: owning({
      ...{ provider: 'openai', model: 'gpt-4o*' },
      charge: { ...atRates('2.10', '8.40', '1.05'), requestFee: usd('0.000005') },
    }),
    usage: {
      ...{ prompt_tokens: 1200, completion_tokens: 300, total_tokens: 1500 },
      prompt_tokens_details: { cached_tokens: 1024 },
    },
    terms: { input: [176, '2.10'], cacheRead: [1024, '1.05'], output: [300, '8.40'] },
    feeUsd: '0.000005',
    nanos: 3_969_800n,
  },
  {
    what: 'a discount of 15%: every class at 85% of the list, the cached one too',
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', source: ANTHROPIC },
    own: owning({ provider: 'anthropic', model: '*', charge: ofList(8_500) }),
    usage: {
      ...{ input_tokens: 21, cache_read_input_tokens: 1000, cache_creation_input_tokens: 200 },
      output_tokens: 393,
    },
    terms: {
      ...{ input: [21, '2.55'], cacheRead: [1000, '0.255'], cacheWrite5m: [200, '3.1875'] },
      output: [393, '12.75'],
    },
    nanos: 5_956_800n,
  },
  {
    what: 'the same discount the moment before it begins',
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', source: ANTHROPIC },
    own: owning({ provider: 'anthropic', model: '*', charge: ofList(8_500) }),
    at: '2026-10-31T23:59:59.999Z',
    usage: {
      ...{ input_tokens: 21, cache_read_input_tokens: 1000, cache_creation_input_tokens: 200 },
      output_tokens: 393,
    },
    terms: {
      ...{ input: [21, '3.00'], cacheRead: [1000, '0.30'], cacheWrite5m: [200, '3.75'] },
      output: [393, '15.00'],
    },
    nanos: 7_008_000n,
  },
  {
    what: 'audio on a model that the list knows by its text alone',
    ...{ provider: 'openai', model: 'gpt-4o-audio-preview-2025-06-03', source: AUDIO },
    usage: {
      ...{ prompt_tokens: 110, completion_tokens: 180, total_tokens: 290 },
      prompt_tokens_details: { cached_tokens: 0, text_tokens: 20, audio_tokens: 90 },
      completion_tokens_details: { reasoning_tokens: 0, text_tokens: 40, audio_tokens: 140 },
    },
    terms: {
      ...{ input: [20, '2.50'], audioIn: [90, '40.00'] },
      ...{ output: [40, '10.00'], audioOut: [140, '80.00'] },
    },
    nanos: 15_250_000n,
  },
  {
    what: 'the same audio, for an organisation that named the rates of the page as its own',
    ...{ provider: 'openai', model: 'gpt-4o-audio-preview-2025-06-03', source: AUDIO },
    own: owning({
      ...{ provider: 'openai', model: 'gpt-4o-audio-preview*' },
      charge: {
        kind: 'rates',
        rates: { input: usd('2.50'), output: usd('10'), audioIn: usd('40'), audioOut: usd('80') },
        requestFee: zeroUsd,
      },
    }),
    usage: {
      ...{ prompt_tokens: 110, completion_tokens: 180, total_tokens: 290 },
      prompt_tokens_details: { cached_tokens: 0, text_tokens: 20, audio_tokens: 90 },
      completion_tokens_details: { reasoning_tokens: 0, text_tokens: 40, audio_tokens: 140 },
    },
    terms: {
      ...{ input: [20, '2.50'], audioIn: [90, '40.00'] },
      ...{ output: [40, '10.00'], audioOut: [140, '80.00'] },
    },
    nanos: 15_250_000n,
  },
  {
    what: 'a model of which nobody knows a price: unpriced, never free',
    ...{ provider: 'openai', model: 'gpt-of-next-year', source: OPENAI },
    usage: { prompt_tokens: 328, completion_tokens: 52, total_tokens: 380 },
    terms: { input: [328, null], output: [52, null] },
    nanos: null,
    costSource: 'unpriced',
  },
  {
    what: 'a call that used no tokens',
    ...{ provider: 'openai', model: 'gpt-4o', source: OPENAI },
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    terms: {},
    nanos: 0n,
  },
  {
    what: 'a call that failed before it used anything, even on a model of no known price',
    ...{ provider: 'openai', model: 'gpt-of-next-year', source: OPENAI },
    status: 'error',
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    terms: {},
    nanos: 0n,
  },
  {
    what: 'a call that failed after its prompt was read, which is billed',
    ...{ provider: 'anthropic', model: 'claude-haiku-4-5-20251001', source: ANTHROPIC },
    status: 'aborted',
    usage: { input_tokens: 2500, output_tokens: 1 },
    terms: { input: [2500, '1.00'], output: [1, '5.00'] },
    nanos: 2_505_000n,
  },
]

function owning(price: Pick<OwnPrice, 'provider' | 'model' | 'charge'>): OwnPricing {
  const from = new Date('2026-11-01T00:00:00Z')
  return { prices: [{ id: 'contract', from, until: null, serviceTier: null, ...price }], aliases: [] }
}

function atRates(input: string, output: string, cacheRead = input): Extract<OwnCharge, { kind: 'rates' }> {
  return {
    kind: 'rates',
    rates: { input: usd(input), output: usd(output), cacheRead: usd(cacheRead) },
    requestFee: zeroUsd,
  }
}

function ofList(basisPoints: number): OwnCharge {
  return { kind: 'share_of_list', basisPoints }
}
