/**
 * What a model of no known price is taken to cost, by provider: the dearest rates that the pinned list has of it, for text
 * and for prompts of any length. A new model of a provider is as a rule no dearer than its dearest one.
 *
 * Left out are o1-pro ($150 and $600 per million tokens), of which no later model cost half, and gpt-4.5-preview ($75 and
 * $150), a preview that was withdrawn. They have prices; that a model without one costs as much is no estimate. Nor is
 * a provider taken to be cheaper than nineteen of twenty models of the list, since many have few models in it.
 * A test holds all of this to the list.
 */
import { usd } from '../money.ts'

/** Nano-dollars per million tokens. */
export interface HighRates {
  readonly input: bigint
  readonly output: bigint
}

const rates = (input: string, output: string): HighRates => ({ input: usd(input), output: usd(output) })

/** Of a provider that the list has and that does not stand below: 95 of 100 models in the list cost no more. */
export const HIGH_OF_MOST = rates('6', '25')

/** By the list's name of the provider: those with a model above `HIGH_OF_MOST`. */
export const HIGH_BY_PROVIDER: ReadonlyMap<string, HighRates> = new Map([
  ['anthropic', rates('15', '75')],
  ['aws', rates('15', '75')],
  ['azure', rates('15', '60')],
  ['github-copilot', rates('10', '50')],
  ['google', rates('15', '75')],
  ['openai', rates('60', '270')],
  ['openrouter', rates('60', '270')],
  ['quicksilverpro', rates('8', '40')],
])

/** Of a provider that the list does not have: the dearest of all. */
export const HIGH_OF_ALL = rates('60', '270')

/** As the list calls them, by whichever provider. */
export const LEFT_OUT = ['o1-pro', 'gpt-4.5-preview'] as const
