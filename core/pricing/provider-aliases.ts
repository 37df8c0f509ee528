/**
 * What SDKs and OpenTelemetry call a provider, as the price list calls it. The list itself knows most variants of
 * OpenAI, Anthropic, Google and Bedrock; here stand those that it would miss or take for another.
 */
const ALIASES: ReadonlyMap<string, string> = new Map([
  // Microsoft's names hold "openai", which the list would price as OpenAI itself.
  ['azure_openai', 'azure'],
  ['azure-openai', 'azure'],
  ['azure.ai.openai', 'azure'],
  ['az.ai.openai', 'azure'],
  ['azure.ai.inference', 'azure'],
  ['az.ai.inference', 'azure'],
  ['azure_ai', 'azure'],
  // OpenTelemetry's and LiteLLM's names, where the list has its own.
  ['aws_bedrock', 'aws'],
  ['aws.bedrock', 'aws'],
  ['gcp.gen_ai', 'google'],
  ['anthropic-vertex', 'google'],
  ['x_ai', 'x-ai'],
  ['together', 'together'],
  ['togetherai', 'together'],
  ['fireworks_ai', 'fireworks'],
  ['fireworks-ai', 'fireworks'],
  ['moonshot', 'moonshotai'],
])

/** The list's name, or the given one where the list is to decide. */
export const providerOfList = (provider: string): string => ALIASES.get(provider.toLowerCase()) ?? provider

/**
 * Names that a provider moves from model to model, where the list has not followed.
 * https://docs.mistral.ai/getting-started/models/ names Small 4 and Large 3 as the latest since their release.
 */
const MOVED = [
  { provider: 'mistral', name: 'mistral-small-latest', from: '2026-03-16', to: 'mistral-small-2603' },
  { provider: 'mistral', name: 'mistral-large-latest', from: '2025-12-02', to: 'mistral-large-2512' },
]

/** The model behind the name on this UTC day, or the given one where the list is to decide. */
export const nameOnDay = (provider: string, model: string, day: string): string =>
  MOVED.find((each) => each.name === model && provider.startsWith(each.provider) && each.from <= day)?.to ??
  model
