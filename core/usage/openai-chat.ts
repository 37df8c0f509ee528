/**
 * OpenAI's chat completions, legacy completions and embeddings, and everyone who copies their shape (Azure, Mistral,
 * Groq, xAI, DeepSeek, vLLM). `prompt_tokens` includes its details: counting `cached_tokens` beside it counts twice.
 * https://platform.openai.com/docs/api-reference/chat/object
 */
import type { TokenUsage } from '../event/usage-event.ts'
import type { CountReader } from './count-reader.ts'
import { NO_TOKENS } from './token-laws.ts'

export function fromOpenAiChat(usage: CountReader): TokenUsage {
  const prompt = usage.required('prompt_tokens')
  const completion = usage.count('completion_tokens')
  const reasoning = usage.count('completion_tokens_details', 'reasoning_tokens')
  const cacheRead = usage.has('prompt_tokens_details', 'cached_tokens')
    ? usage.count('prompt_tokens_details', 'cached_tokens')
    : // DeepSeek's own name for the same part.
      usage.count('prompt_cache_hit_tokens')
  const cacheWrite5m = usage.count('prompt_tokens_details', 'cache_write_tokens')
  // Cached audio is in both details; what is cached is priced as a cache read, so audio keeps the rest.
  const audioIn = Math.min(
    usage.count('prompt_tokens_details', 'audio_tokens'),
    Math.max(0, prompt - cacheRead - cacheWrite5m),
  )
  // xAI reports reasoning beside the completion; its own total says so.
  const beside = reasoning > 0 && usage.count('total_tokens') === prompt + completion + reasoning
  return {
    ...NO_TOKENS,
    in: prompt,
    out: beside ? completion + reasoning : completion,
    cacheRead,
    cacheWrite5m,
    reasoning,
    audioIn,
    audioOut: usage.count('completion_tokens_details', 'audio_tokens'),
  }
}

/** Embeddings of those who report nothing but a total, such as Voyage. */
export const fromTotalOnly = (usage: CountReader): TokenUsage => ({
  ...NO_TOKENS,
  in: usage.required('total_tokens'),
})
