import { describe, expect, it } from 'vitest'
import { buildPriceBook } from '../pricing/genai-prices.ts'
import type { OtlpSpan } from './otlp-span.ts'
import { providerOf } from './provider-name.ts'

const NOON = new Date('2026-11-10T12:00:00Z')

const spanOf = (name: string | null): OtlpSpan => ({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentSpanId: null,
  startUnixNano: 0n,
  endUnixNano: 0n,
  failed: false,
  attributes: new Map(name === null ? [] : [['gen_ai.provider.name', name]]),
  resourceAttributes: new Map(),
  scopeName: 'test',
})

describe('the provider of a span', () => {
  it.each([
    ['openai', 'openai', 'gpt-4o'],
    ['OpenAI', 'openai', 'gpt-4o'],
    ['openai.responses', 'openai', 'gpt-4o'],
    ['anthropic.messages', 'anthropic', 'claude-sonnet-4-5'],
    ['azure.ai.openai', 'azure', 'gpt-4o'],
    ['az.ai.openai', 'azure', 'gpt-4o'],
    ['azure.ai.inference', 'azure', 'gpt-4o'],
    ['azure-openai.chat', 'azure', 'gpt-4o'],
    ['aws.bedrock', 'aws', 'anthropic.claude-3-5-sonnet-20241022-v2:0'],
    ['amazon-bedrock', 'aws', 'anthropic.claude-3-5-sonnet-20241022-v2:0'],
    ['gcp.gemini', 'google', 'gemini-2.5-pro'],
    ['gcp.vertex_ai', 'google', 'gemini-2.5-pro'],
    ['gcp.gen_ai', 'google', 'gemini-2.5-pro'],
    ['google.generative-ai', 'google', 'gemini-2.5-pro'],
    ['google.vertex.chat', 'google', 'gemini-2.5-pro'],
    ['mistral_ai', 'mistral', 'mistral-large-latest'],
    ['mistral.chat', 'mistral', 'mistral-large-latest'],
    ['x_ai', 'x-ai', 'grok-4'],
    ['xai.chat', 'x-ai', 'grok-4'],
    ['groq', 'groq', 'llama-3.3-70b-versatile'],
    ['deepseek.chat', 'deepseek', 'deepseek-chat'],
    ['moonshot_ai', 'moonshotai', 'kimi-k2-0905-preview'],
    ['cohere.chat', 'cohere', 'command-r-plus'],
    ['perplexity', 'perplexity', 'sonar'],
  ])('is the one that the price list knows: %s is %s', (name, provider, model) => {
    expect(providerOf(spanOf(name), model)).toBe(provider)
    expect(buildPriceBook().ratesAt(provider, model, NOON)).not.toBeNull()
  })

  it.each([
    [null, 'text-embedding-3-small', 'openai'],
    [null, 'o3-mini', 'openai'],
    [null, 'claude-sonnet-4-5', 'anthropic'],
    [null, 'gemini-2.5-flash', 'google'],
    [null, 'my-own-model', 'unknown'],
    [null, null, 'unknown'],
    ['my-gateway.chat', 'gpt-4o', 'my-gateway'],
    ['.odd', 'gpt-4o', '.odd'],
    ['ibm.watsonx.ai', 'granite', 'watsonx'],
  ])(
    'is told by the model when nobody names it, and never guessed beyond that: %s, %s is %s',
    (name, model, provider) => {
      expect(providerOf(spanOf(name), model)).toBe(provider)
    },
  )
})
