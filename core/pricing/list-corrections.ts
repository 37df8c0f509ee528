/**
 * What the pinned list lacks or has wrong, by the providers' public pages. A test fails for each of these that the
 * list has learnt since, so that it is taken out.
 */
import { usd } from '../money.ts'
import type { RateCard, RateClass, Rates } from './rates.ts'

interface Correction {
  /** As the price version says it. */
  readonly name: string
  /** As the list calls the models; a `*` at the end stands for any ending. */
  readonly listedAs: readonly string[]
  /** How the name that was asked for begins, where the list takes one model for another. */
  readonly askedAs?: string
  readonly change: Change
  readonly source: string
  readonly readOn: string
}

type Change =
  /** A cache write of an hour costs twice the input, as Anthropic has it everywhere. */
  | { readonly kind: 'hour_writes_twice_input' }
  /** Prompts are long above so many tokens, and not from so many on. */
  | { readonly kind: 'long_above'; readonly listed: number; readonly published: number }
  /** In nano-dollars per million tokens. */
  | { readonly kind: 'rates'; readonly rates: Partial<Readonly<Record<RateClass, bigint>>> }

const since45 = (prefix: string): readonly string[] => [
  ...['haiku-4-5', 'sonnet-4-5', 'sonnet-4-6', 'opus-4-5', 'opus-4-6', 'opus-4-7', 'opus-4-8'].map(
    (name) => `${prefix}claude-${name}*`,
  ),
]

export const CORRECTIONS: readonly Correction[] = [
  {
    name: 'hour_writes',
    listedAs: [...since45('aws/global.anthropic.'), ...since45('aws/regional.anthropic.')],
    change: { kind: 'hour_writes_twice_input' },
    source: 'https://aws.amazon.com/bedrock/pricing/',
    readOn: '2026-11-25',
  },
  {
    name: 'hour_writes',
    listedAs: [
      ...['google/claude-sonnet-4-5', 'google/claude-sonnet-4-6', 'google/claude-opus-4-6'],
      ...[
        'google/claude-opus-4-7',
        'google/claude-opus-4-8',
        'google/claude-opus-5*',
        'google/claude-fable-5*',
      ],
    ],
    change: { kind: 'hour_writes_twice_input' },
    source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing',
    readOn: '2026-11-25',
  },
  {
    name: 'long_above',
    listedAs: [
      'openai/gpt-5.4',
      'openai/gpt-5.4-pro',
      'openai/gpt-5.5*',
      'openai/gpt-5.6-*',
      'openai/gpt-6-astra',
    ],
    change: { kind: 'long_above', listed: 271_999, published: 272_000 },
    source: 'https://developers.openai.com/api/docs/pricing',
    readOn: '2026-11-25',
  },
  {
    name: 'audio',
    listedAs: ['openai/gpt-4o-audio-preview'],
    change: { kind: 'rates', rates: { audioIn: usd('40'), audioOut: usd('80') } },
    source: 'https://developers.openai.com/api/docs/models/gpt-4o-audio-preview',
    readOn: '2026-11-25',
  },
  {
    name: 'audio',
    listedAs: ['openai/gpt-4o-mini-audio-preview'],
    change: { kind: 'rates', rates: { audioIn: usd('10'), audioOut: usd('20') } },
    source: 'https://developers.openai.com/api/docs/models/gpt-4o-mini-audio-preview',
    readOn: '2026-11-25',
  },
  {
    name: 'titan_v2',
    listedAs: ['aws/amazon.titan-embed-text-v1'],
    askedAs: 'amazon.titan-embed-text-v2',
    change: { kind: 'rates', rates: { input: usd('0.02') } },
    source: 'https://aws.amazon.com/bedrock/pricing/',
    readOn: '2026-11-25',
  },
]

/** The rates with what is known better; the same object where nothing is. `asked` is the model as its caller named it. */
export function corrected(rates: Rates, asked: string): Rates {
  const { listedAs } = rates
  if (listedAs === null) return rates
  return CORRECTIONS.filter((correction) => isOf(correction, listedAs, asked)).reduce(correct, rates)
}

const isOf = ({ listedAs, askedAs }: Correction, model: string, asked: string): boolean =>
  (askedAs === undefined || asked.startsWith(askedAs)) &&
  listedAs.some((name) => (name.endsWith('*') ? model.startsWith(name.slice(0, -1)) : model === name))

function correct(rates: Rates, { name, change, readOn }: Correction): Rates {
  const found = { ...rates, priceVersion: `${rates.priceVersion}+fixed:${name}@${readOn}` }
  switch (change.kind) {
    case 'hour_writes_twice_input': {
      const twice = (card: RateCard): RateCard =>
        card.input === null ? card : { ...card, cacheWrite1h: card.input * 2n }
      return {
        ...found,
        base: twice(rates.base),
        tiers: rates.tiers.map(({ inputAbove, card }) => ({ inputAbove, card: twice(card) })),
        borrowed: new Set([...rates.borrowed].filter((each) => each !== 'cacheWrite1h')),
      }
    }
    case 'long_above':
      return {
        ...found,
        tiers: rates.tiers.map(({ inputAbove, card }) => ({
          inputAbove: inputAbove === change.listed ? change.published : inputAbove,
          card,
        })),
      }
    case 'rates':
      return {
        ...found,
        base: { ...rates.base, ...change.rates },
        borrowed: new Set([...rates.borrowed].filter((each) => !Object.hasOwn(change.rates, each))),
      }
  }
}
