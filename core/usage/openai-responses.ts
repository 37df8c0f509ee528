/**
 * OpenAI's responses, realtime, image and transcription APIs: `input_tokens` includes its details.
 * https://platform.openai.com/docs/api-reference/responses/object
 */
import type { TokenUsage } from '../event/usage-event.ts'
import type { CountReader } from './count-reader.ts'
import { NO_TOKENS } from './token-laws.ts'

export function fromOpenAiResponses(usage: CountReader): TokenUsage {
  // Realtime and transcription spell the details in the singular.
  const input = usage.has('input_token_details') ? 'input_token_details' : 'input_tokens_details'
  const output = usage.has('output_token_details') ? 'output_token_details' : 'output_tokens_details'
  const tokensIn = usage.required('input_tokens')
  const cacheRead = usage.count(input, 'cached_tokens')
  const cacheWrite5m = usage.count(input, 'cache_write_tokens')
  const cachedAudio = usage.count(input, 'cached_tokens_details', 'audio_tokens')
  const audio = Math.max(0, usage.count(input, 'audio_tokens') - cachedAudio)
  return {
    ...NO_TOKENS,
    in: tokensIn,
    out: usage.count('output_tokens'),
    cacheRead,
    cacheWrite5m,
    reasoning: usage.count(output, 'reasoning_tokens'),
    audioIn: Math.min(audio, Math.max(0, tokensIn - cacheRead - cacheWrite5m)),
    audioOut: usage.count(output, 'audio_tokens'),
  }
}
