/** What an organisation pays itself, what nobody knows the price of, and what costs nothing. */
import type { Response } from './response.ts'

const PRICING = 'https://developers.openai.com/api/docs/pricing'
const CONTRACT = 'https://example.com/contract-of-the-organisation'
const FROM = '2026-11-01T00:00:00Z'
const COUNTS = { prompt_tokens: 2000, completion_tokens: 400, total_tokens: 2400 } as const
const GPT_4O = { provider: 'openai', model: 'gpt-4o', usage: COUNTS } as const
const AGREED = {
  prices: [
    {
      ...{ provider: 'openai', model: 'gpt-4o*', from: FROM },
      usd_per_million: { input: '2.10', output: '8.40', cache_read: '1.05' },
    },
  ],
} as const

export const SPECIAL_RESPONSES: readonly Response[] = [
  {
    ...{ ...GPT_4O, own: AGREED, source: CONTRACT },
    what: "an organisation's own price",
    terms: '2000 x 2.10 + 400 x 8.40',
    nanos: 7_560_000n,
  },
  {
    ...{ ...GPT_4O, own: AGREED, source: PRICING, at: '2026-10-31T23:59:59Z' },
    what: 'the same call before that price began',
    terms: '2000 x 2.50 + 400 x 10.00',
    nanos: 9_000_000n,
  },
  {
    ...{
      ...GPT_4O,
      own: AGREED,
      source: CONTRACT,
      facts: { service_tier: 'batch' },
      costSource: 'estimated',
    },
    what: 'its batch, for which the organisation wrote nothing: half of its own price, as an estimate',
    terms: '2000 x 1.05 + 400 x 4.20',
    nanos: 3_780_000n,
  },
  {
    ...{ ...GPT_4O, source: CONTRACT, facts: { service_tier: 'batch' } },
    what: 'its batch at the price that the organisation wrote for batches',
    own: {
      prices: [
        ...AGREED.prices,
        {
          ...{ provider: 'openai', model: 'gpt-4o', service_tier: 'batch', from: FROM },
          usd_per_million: { input: '1.00', output: '4.00' },
        },
      ],
    },
    terms: '2000 x 1.00 + 400 x 4.00',
    nanos: 3_600_000n,
  },
  {
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-6', source: CONTRACT },
    what: 'a discount of fifteen percent on the list',
    own: { prices: [{ provider: 'anthropic', model: '*', from: FROM, percent_of_list: '85' }] },
    usage: { input_tokens: 1000, cache_read_input_tokens: 9000, output_tokens: 333 },
    terms: '1000 x 2.55 + 9000 x 0.255 + 333 x 12.75',
    nanos: 9_090_750n,
  },
  {
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-6', source: CONTRACT },
    what: 'the discount in a batch, on what the list says of batches',
    own: { prices: [{ provider: 'anthropic', model: '*', from: FROM, percent_of_list: '85' }] },
    usage: { input_tokens: 1000, output_tokens: 333, service_tier: 'batch' },
    terms: '1000 x 1.275 + 333 x 6.375',
    nanos: 3_397_875n,
  },
  {
    ...{ provider: 'openai', model: 'gpt-4o', source: PRICING, usage: { total_tokens: 0, prompt_tokens: 0 } },
    what: 'no tokens at all',
    terms: '0 x 2.50',
    nanos: 0n,
  },
  {
    ...{ provider: 'openai', model: 'nobody-knows-me', source: PRICING, costSource: 'unpriced' },
    what: 'a model that nobody knows: no price, and never $0',
    usage: COUNTS,
    terms: '',
    nanos: null,
  },
  {
    ...{ provider: 'openai', model: 'whisper-1', source: PRICING, costSource: 'unpriced' },
    what: 'a model that is charged by the second',
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    terms: '',
    nanos: null,
  },
  {
    ...{ provider: 'openai', model: 'nobody-knows-me', source: PRICING, facts: { status: 'rate_limited' } },
    what: 'a call that was refused before it used anything, whatever its model',
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    terms: '0 x 2.50',
    nanos: 0n,
  },
  {
    ...{ ...GPT_4O, source: PRICING, costSource: 'estimated' },
    facts: { status: 'aborted', tokens_estimated: true },
    what: 'a stream that was cut off, whose tokens its client estimated',
    terms: '2000 x 2.50 + 400 x 10.00',
    nanos: 9_000_000n,
  },
]
