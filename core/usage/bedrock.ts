/**
 * Bedrock's Converse: additive like Anthropic; `cacheDetails` splits the writes by how long they live.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
 */
import type { TokenUsage } from '../event/usage-event.ts'
import type { CountReader } from './count-reader.ts'
import { NO_TOKENS } from './token-laws.ts'

export function fromBedrock(usage: CountReader): TokenUsage {
  const cacheRead = usage.count('cacheReadInputTokens')
  const cacheWrite1h = writtenFor(usage, '1h')
  const cacheWrite5m = Math.max(writtenFor(usage, '5m'), usage.count('cacheWriteInputTokens') - cacheWrite1h)
  return {
    ...NO_TOKENS,
    in: usage.required('inputTokens') + cacheRead + cacheWrite5m + cacheWrite1h,
    out: usage.count('outputTokens'),
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
  }
}

const writtenFor = (usage: CountReader, ttl: string): number =>
  usage
    .entries('cacheDetails')
    .filter((detail) => detail.text('ttl') === ttl)
    .reduce((sum, detail) => sum + detail.count('inputTokens'), 0)
