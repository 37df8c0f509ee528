/**
 * Who is paid, in the names that the SDKs and the price list use, so that one provider is one line in every report
 * whichever way its calls came.
 */

import type { OtlpSpan } from './otlp-span.ts'
import { textOf } from './read-fact.ts'

/** Names of OpenTelemetry, OpenLLMetry, OpenInference and the AI SDK, where they differ from ours. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ...['aws.bedrock', 'aws_bedrock', 'bedrock', 'amazon-bedrock', 'amazon_bedrock', 'amazon'].map(
    (name) => [name, 'aws'] as const,
  ),
  ...['azure.ai.openai', 'az.ai.openai', 'azure.ai.inference', 'az.ai.inference', 'azure-openai'].map(
    (name) => [name, 'azure'] as const,
  ),
  ...['gcp.gemini', 'gcp.gen_ai', 'gcp.vertex_ai', 'vertex_ai', 'vertexai', 'google-vertex', 'gemini'].map(
    (name) => [name, 'google'] as const,
  ),
  ...['google_genai', 'google-gla', 'google-vertexai'].map((name) => [name, 'google'] as const),
  ...['mistral_ai', 'mistralai'].map((name) => [name, 'mistral'] as const),
  ...['x_ai', 'xai'].map((name) => [name, 'x-ai'] as const),
  ...['moonshot_ai', 'moonshot'].map((name) => [name, 'moonshotai'] as const),
  ...['together_ai', 'togetherai'].map((name) => [name, 'together'] as const),
  ['ibm.watsonx.ai', 'watsonx'],
])

/** Models whose name says who made them, for emitters that name no provider, as OpenInference's embeddings. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:gpt-|chatgpt-|o\d|text-embedding-|davinci|babbage)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'google'],
  [/^mistral-/, 'mistral'],
]

const UNKNOWN = 'unknown'

export function providerOf({ attributes }: OtlpSpan, model: string | null): string {
  const named = textOf(attributes, 'provider', 64)?.toLowerCase()
  if (named === undefined) return makerOf(model?.toLowerCase() ?? '')
  const exact = ALIASES.get(named)
  if (exact !== undefined) return exact
  // The AI SDK appends what is called: "openai.responses", "google.generative-ai", "amazon-bedrock.chat".
  const [first = named] = named.split('.')
  return ALIASES.get(first) ?? (first === '' ? named : first)
}

const makerOf = (model: string): string => MAKERS.find(([pattern]) => pattern.test(model))?.[1] ?? UNKNOWN
