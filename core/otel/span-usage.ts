/**
 * The tokens of a span in the inclusive canon.
 *
 * The conventions say that input includes what was cached and output what was reasoned, but not every emitter does so:
 * - Bedrock's own counts, which OpenLLMetry passes on, stand beside the cache's (its span_utils.converse_usage_record);
 *   so did Anthropic's in several emitters. A cache that exceeds the input proves it, and so does a total that is the
 *   sum of all of them.
 * - OpenLLMetry's Gemini passes `candidates_token_count` on as output, without the thoughts (its
 *   set_model_response_attributes); only the total has them.
 */

import type { OtlpSpan } from './otlp-span.ts'
import { numberOf } from './read-fact.ts'

export interface SpanUsage {
  readonly in: number
  readonly out: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly reasoning: number
  readonly audioIn: number
  readonly audioOut: number
  /** The emitter counted a part beside its whole, and it was added to it. */
  readonly wasAdditive: boolean
}

/** Emitters that are known to pass on counts that stand beside each other: OpenLLMetry 0.62 in Python, 0.27 in Node. */
const ADDITIVE_SCOPES: ReadonlySet<string> = new Set([
  'opentelemetry.instrumentation.bedrock',
  '@traceloop/instrumentation-anthropic',
])

/**
 * Up to version 5 the AI SDK passed on what the providers say, and Anthropic and Bedrock say the input without its cached
 * part; from 6 on it sums them, and tells the parts too (vercel/ai, convert-anthropic-usage.ts). Its earliest releases of
 * 6 summed and told no parts: their cached tokens count twice, which errs on the side of the budget.
 */
const isOldAiSdk = ({ attributes }: OtlpSpan, provider: string): boolean =>
  /^ai\.(?:generate|stream)Text\.do/.test(String(attributes.get('ai.operationId') ?? '')) &&
  ['anthropic', 'aws'].includes(provider) &&
  numberOf(attributes, 'tokensUncachedIn') === null

/** Null when the span says nothing of usage. */
export function usageOf(span: OtlpSpan, provider: string): SpanUsage | null {
  const count = (fact: Parameters<typeof numberOf>[1]): number | null => numberOf(span.attributes, fact)
  const given = { in: count('tokensIn'), out: count('tokensOut') }
  if (given.in === null && given.out === null) return null
  const cacheRead = count('tokensCacheRead') ?? 0
  const cacheWrite = count('tokensCacheWrite') ?? 0
  const cacheWrite1h = clamp(count('tokensCacheWrite1h') ?? 0, cacheWrite)
  const total = count('tokensTotal') ?? 0
  const input = inclusiveInput(given.in ?? 0, {
    cached: cacheRead + cacheWrite,
    whole: total - (given.out ?? 0),
    isAdditive: ADDITIVE_SCOPES.has(span.scopeName) || isOldAiSdk(span, provider),
  })
  const reasoned = count('tokensReasoning') ?? 0
  const output = inclusiveOutput(given.out ?? 0, {
    reasoned,
    missing: provider === 'google' ? total - input - (given.out ?? 0) : 0,
  })
  const audioIn = (count('tokensAudioIn') ?? 0) - (count('tokensCachedAudioIn') ?? 0)
  return {
    in: input,
    out: output.out,
    cacheRead,
    // Most emitters do not tell for how long a cache is kept; five minutes is what providers do unasked.
    cacheWrite5m: cacheWrite - cacheWrite1h,
    cacheWrite1h,
    reasoning: output.reasoning,
    // What is cached counts as cached, whatever its kind, so audio may fill only the rest.
    audioIn: clamp(audioIn, input - cacheRead - cacheWrite),
    audioOut: clamp(count('tokensAudioOut') ?? 0, output.out - output.reasoning),
    wasAdditive: input !== (given.in ?? 0) || output.out !== (given.out ?? 0),
  }
}

interface InputFacts {
  readonly cached: number
  /** What the total leaves for the input; negative without a total. */
  readonly whole: number
  readonly isAdditive: boolean
}

function inclusiveInput(input: number, { cached, whole, isAdditive }: InputFacts): number {
  if (cached <= 0) return input
  return isAdditive || input < cached || whole === input + cached ? input + cached : input
}

interface OutputFacts {
  readonly reasoned: number
  /** What the total has and neither input nor output does. */
  readonly missing: number
}

function inclusiveOutput(
  out: number,
  { reasoned, missing }: OutputFacts,
): { out: number; reasoning: number } {
  if (missing > 0) return { out: out + missing, reasoning: Math.max(reasoned, missing) }
  return { out: reasoned > out ? out + reasoned : out, reasoning: reasoned }
}

const clamp = (value: number, max: number): number => Math.max(0, Math.min(value, max))
