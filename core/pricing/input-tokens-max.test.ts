import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputTokensMax } from './input-tokens-max.ts'

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Any characters: those that JSON escapes, those of four bytes, halves of pairs. */
const someText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
)
const someMessages = fc.array(
  fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), content: someText }),
  { minLength: 1, maxLength: 30 },
)

/** The most with which a model frames a message, of those whose form is public: Llama 3's is five, and a role. */
const TOKENS_OF_FRAME = 8

describe('the most tokens of a request of so many bytes', () => {
  it('is no less than a token for each byte of its texts, and a frame around each message', () => {
    fc.assert(
      fc.property(someMessages, (messages) => {
        const inputBytes = bytesOf(JSON.stringify({ model: 'm', messages }))
        const tokens = messages.reduce((sum, { content }) => sum + bytesOf(content) + TOKENS_OF_FRAME, 0)
        expect(inputTokensMax({ inputBytes, tools: false }) >= BigInt(tokens)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('leaves room for the prompt that enables tools, unless there are none', () => {
    const room = inputTokensMax({ inputBytes: 100 }) - inputTokensMax({ inputBytes: 100, tools: false })
    expect(room).toBeGreaterThanOrEqual(530n)
    expect(inputTokensMax({ inputBytes: 100, tools: true })).toBe(inputTokensMax({ inputBytes: 100 }))
  })

  it('is refused for what is no number of bytes', () => {
    for (const inputBytes of [1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => inputTokensMax({ inputBytes })).toThrow(RangeError)
    }
  })
})
