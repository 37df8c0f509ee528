/**
 * Gemini, by API or Vertex: the prompt includes what was cached; thoughts come beside the candidates, and the prompts
 * of built-in tools beside the prompt. REST spells names in camel case, the Python SDK in snake case.
 * https://ai.google.dev/api/generate-content#UsageMetadata
 */
import type { TokenUsage } from '../event/usage-event.ts'
import type { CountReader } from './count-reader.ts'
import { NO_TOKENS } from './token-laws.ts'

export function fromGemini(usage: CountReader): TokenUsage {
  const prompt = usage.required(spelled(usage, 'promptTokenCount'))
  const tools = countOf(usage, 'toolUsePromptTokenCount')
  const cacheRead = countOf(usage, 'cachedContentTokenCount')
  const thoughts = countOf(usage, 'thoughtsTokenCount')
  // The live API says response where the others say candidates.
  const candidates = countOf(usage, 'candidatesTokenCount') + countOf(usage, 'responseTokenCount')
  const heard = audioOf(usage, 'promptTokensDetails') + audioOf(usage, 'toolUsePromptTokensDetails')
  return {
    ...NO_TOKENS,
    in: prompt + tools,
    out: candidates + thoughts,
    cacheRead,
    reasoning: thoughts,
    // Cached audio is priced as a cache read, so it leaves the audio.
    audioIn: Math.min(
      Math.max(0, heard - audioOf(usage, 'cacheTokensDetails')),
      Math.max(0, prompt + tools - cacheRead),
    ),
    audioOut: audioOf(usage, 'candidatesTokensDetails') + audioOf(usage, 'responseTokensDetails'),
  }
}

const countOf = (usage: CountReader, name: Name): number => usage.count(spelled(usage, name))

function audioOf(usage: CountReader, name: Name): number {
  let sum = 0
  for (const detail of usage.entries(spelled(usage, name))) {
    if (detail.text('modality').toUpperCase() !== 'AUDIO') continue
    sum += detail.count('tokenCount') + detail.count('token_count')
  }
  return sum
}

const spelled = (usage: CountReader, name: Name): string =>
  usage.has(name) ? name : (snakeCase.get(name) ?? name)

const NAMES = [
  'promptTokenCount',
  'toolUsePromptTokenCount',
  'cachedContentTokenCount',
  'thoughtsTokenCount',
  'candidatesTokenCount',
  'responseTokenCount',
  'promptTokensDetails',
  'toolUsePromptTokensDetails',
  'cacheTokensDetails',
  'candidatesTokensDetails',
  'responseTokensDetails',
] as const
type Name = (typeof NAMES)[number]

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const snakeCase = new Map<Name, string>(NAMES.map((name) => [name, toSnakeCase(name)]))
