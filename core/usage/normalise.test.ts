import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseUsage } from './normalise.ts'
import { inconsistencyOf, NO_TOKENS, TOKENS_MAX } from './token-laws.ts'

const tokensOf = (provider: string, usage: unknown) => {
  const normalised = normaliseUsage(provider, usage)
  if (normalised.kind === 'unreadable') throw new Error(normalised.reason)
  return normalised.tokens
}

const reasonOf = (provider: string, usage: unknown): string => {
  const normalised = normaliseUsage(provider, usage)
  return normalised.kind === 'unreadable' ? normalised.reason : 'readable'
}

describe('one call, reported by each provider in its own way, counts the same', () => {
  it.each([
    ['openai', { prompt_tokens: 1000, prompt_tokens_details: { cached_tokens: 600 }, completion_tokens: 50 }],
    [
      'azure',
      {
        input_tokens: 1000,
        input_tokens_details: { cached_tokens: 600 },
        output_tokens: 50,
        total_tokens: 1050,
      },
    ],
    ['anthropic', { input_tokens: 400, cache_read_input_tokens: 600, output_tokens: 50 }],
    // Anthropic's models hosted by others keep their shape; behind a proxy they take OpenAI's.
    ['vertex_ai', { input_tokens: 400, cache_read_input_tokens: 600, output_tokens: 50 }],
    [
      'anthropic',
      { prompt_tokens: 1000, prompt_tokens_details: { cached_tokens: 600 }, completion_tokens: 50 },
    ],
    ['google', { promptTokenCount: 1000, cachedContentTokenCount: 600, candidatesTokenCount: 50 }],
    ['google', { prompt_token_count: 1000, cached_content_token_count: 600, candidates_token_count: 50 }],
    ['aws.bedrock', { inputTokens: 400, cacheReadInputTokens: 600, outputTokens: 50 }],
    ['deepseek', { prompt_tokens: 1000, prompt_cache_hit_tokens: 600, completion_tokens: 50 }],
  ])('%s %j', (provider, usage) => {
    expect(tokensOf(provider, usage)).toEqual({ ...NO_TOKENS, in: 1000, cacheRead: 600, out: 50 })
  })
})

describe('usage', () => {
  it('of an embedding has input alone', () => {
    expect(tokensOf('openai', { prompt_tokens: 8, total_tokens: 8 })).toEqual({ ...NO_TOKENS, in: 8 })
    expect(tokensOf('voyageai', { total_tokens: 8 })).toEqual({ ...NO_TOKENS, in: 8 })
  })

  it('counts thoughts, which Gemini reports beside the candidates', () => {
    const usage = { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 100 }
    expect(tokensOf('google', usage)).toMatchObject({ out: 105, reasoning: 100 })
    // All thought and no answer: the limit was reached.
    expect(tokensOf('google', { promptTokenCount: 10, thoughtsTokenCount: 100 }).out).toBe(100)
  })

  it('counts what tools of Gemini read, which it reports beside the prompt', () => {
    const usage = { promptTokenCount: 10, toolUsePromptTokenCount: 7, candidatesTokenCount: 5 }
    expect(tokensOf('google', usage)).toEqual({ ...NO_TOKENS, in: 17, out: 5 })
  })

  it('counts reasoning that xAI reports beside the completion, as its total says', () => {
    const usage = {
      prompt_tokens: 1,
      completion_tokens: 2,
      completion_tokens_details: { reasoning_tokens: 9 },
    }
    expect(tokensOf('xai', { ...usage, total_tokens: 12 })).toMatchObject({ out: 11, reasoning: 9 })
    expect(reasonOf('xai', usage)).toContain('tokens_out is 2')
  })

  it('does not count thoughts twice, which OpenAI reports inside the completion', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 105,
      total_tokens: 115,
      completion_tokens_details: { reasoning_tokens: 100 },
    }
    expect(tokensOf('openai', usage)).toMatchObject({ out: 105, reasoning: 100 })
  })

  it('counts what was cached once, when it was audio too', () => {
    const usage = {
      promptTokenCount: 100,
      cachedContentTokenCount: 80,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 90 }],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 75 }],
      candidatesTokenCount: 1,
    }
    expect(tokensOf('google', usage)).toMatchObject({ in: 100, cacheRead: 80, audioIn: 15 })
    const chat = { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 80, audio_tokens: 90 } }
    expect(tokensOf('openai', chat)).toMatchObject({ in: 100, cacheRead: 80, audioIn: 20 })
  })

  it('splits cache writes by how long they live', () => {
    const anthropic = {
      input_tokens: 1,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    }
    const split = { ...NO_TOKENS, in: 31, cacheWrite5m: 10, cacheWrite1h: 20 }
    expect(tokensOf('anthropic', anthropic)).toEqual(split)
    const cacheDetails = [
      { ttl: '1h', inputTokens: 20 },
      { ttl: '5m', inputTokens: 10 },
    ]
    expect(tokensOf('bedrock', { inputTokens: 1, cacheWriteInputTokens: 30, cacheDetails })).toEqual(split)
  })

  it('counts what Cohere bills, not what it added to the prompt itself', () => {
    const tokens = { input_tokens: 496, output_tokens: 11 }
    const usage = { billed_units: { input_tokens: 5, output_tokens: 10 }, tokens }
    expect(tokensOf('cohere', usage)).toEqual({ ...NO_TOKENS, in: 5, out: 10 })
    expect(reasonOf('cohere', { billed_units: { search_units: 1 } })).toMatch(/no shape that is known/)
  })

  it('that fits two readings which differ is refused', () => {
    const both = { input_tokens: 10, cache_read_input_tokens: 5, input_tokens_details: { cached_tokens: 5 } }
    expect(reasonOf('openai', both)).toMatch(/no shape that is known/)
    // The AI SDK's inclusive counts under the names of Converse.
    expect(reasonOf('openai', { inputTokens: 10, outputTokens: 1 })).toMatch(/no shape that is known/)
  })

  it.each([
    [null, 'usage is null'],
    [[1], 'usage is a list'],
    [{}, 'no shape that is known'],
    [{ type: 'duration', seconds: 4 }, 'no shape that is known'],
    [{ input_tokens: null, output_tokens: 1 }, 'usage.input_tokens is missing'],
    [{ prompt_tokens: '12' }, 'usage.prompt_tokens is "12"'],
    [{ prompt_tokens: 1, completion_tokens: -1 }, 'usage.completion_tokens is -1'],
    [{ prompt_tokens: TOKENS_MAX + 1 }, 'usage.prompt_tokens is 1000000001'],
    [{ input_tokens: TOKENS_MAX, cache_read_input_tokens: 1 }, 'usage sums to 1000000001'],
    [{ prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 6 } }, 'tokens_in is 5'],
    [
      { prompt_tokens: 5, completion_tokens: 5, completion_tokens_details: { reasoning_tokens: 6 } },
      'tokens_out is 5',
    ],
    [
      { promptTokenCount: 5, candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 'x' }] },
      'usage.candidatesTokensDetails[].tokenCount is "x"',
    ],
  ])('that cannot be read is refused by name: %j', (usage, reason) => {
    expect(reasonOf('openai', usage)).toContain(reason)
  })
})

describe('whatever a provider sends', () => {
  const NAMES = [
    ...['prompt_tokens', 'completion_tokens', 'total_tokens', 'input_tokens', 'output_tokens'],
    ...['cached_tokens', 'audio_tokens', 'reasoning_tokens', 'cache_write_tokens', 'cache_read_input_tokens'],
    ...['cache_creation_input_tokens', 'ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens'],
    ...['promptTokenCount', 'cachedContentTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount'],
    ...[
      'toolUsePromptTokenCount',
      'inputTokens',
      'outputTokens',
      'cacheReadInputTokens',
      'cacheWriteInputTokens',
    ],
    ...['prompt_tokens_details', 'completion_tokens_details', 'input_tokens_details', 'cache_creation'],
  ]
  const aCount = fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: 1000 }) },
    fc.constantFrom(null, -1, 0.5, -0, '7', TOKENS_MAX, 2 ** 53, {}, []),
  )
  const counts = fc.dictionary(fc.constantFrom(...NAMES), aCount)
  const usage = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof({ weight: 4, arbitrary: aCount }, counts))

  it('comes out with parts within their wholes and whole bounded numbers, or is refused with a reason', () => {
    fc.assert(
      fc.property(fc.constantFrom('openai', 'anthropic', 'google', 'bedrock'), usage, (provider, sent) => {
        const normalised = normaliseUsage(provider, sent)
        if (normalised.kind === 'unreadable') {
          expect(normalised.reason).not.toBe('')
          return
        }
        expect(inconsistencyOf(normalised.tokens)).toBeNull()
        for (const count of Object.values(normalised.tokens)) {
          expect(Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0)).toBe(true)
          expect(count).toBeLessThanOrEqual(TOKENS_MAX)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
