/**
 * Anthropic's messages, wherever they are hosted: additive, `input_tokens` counts only what was neither read from nor
 * written to the cache. Thinking is inside `output_tokens` and not told apart.
 * https://docs.claude.com/en/docs/build-with-claude/prompt-caching
 */
import type { TokenUsage } from '../event/usage-event.ts'
import type { CountReader } from './count-reader.ts'
import { NO_TOKENS } from './token-laws.ts'

export function fromAnthropic(usage: CountReader): TokenUsage {
  const cacheRead = usage.count('cache_read_input_tokens')
  const cacheWrite1h = usage.count('cache_creation', 'ephemeral_1h_input_tokens')
  const written5m = usage.count('cache_creation', 'ephemeral_5m_input_tokens')
  // Older answers have only the sum of both; what is not said to live an hour lives five minutes.
  const cacheWrite5m = Math.max(written5m, usage.count('cache_creation_input_tokens') - cacheWrite1h)
  return {
    ...NO_TOKENS,
    in: usage.required('input_tokens') + cacheRead + cacheWrite5m + cacheWrite1h,
    out: usage.count('output_tokens'),
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
  }
}
