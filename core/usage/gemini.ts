/**
 * Gemini, by API or Vertex: the prompt includes what was cached; thoughts come beside the candidates, and the prompts
 * of built-in tools beside the prompt. REST spells names in camel case, the Python SDK in snake case.
 * https://ai.google.dev/api/generate-content#UsageMetadata
 */
import type { TokenUsage } from '../event/usage-event.ts'
import type { CountReader } from './count-reader.ts'
import { NO_TOKENS } from './token-laws.ts'

export function fromGemini(usage: CountReader): TokenUsage {
  const spell = (name: string): string => (usage.has(name) ? name : toSnakeCase(name))
  const audio = (name: string): number => audioOf(usage, spell(name))
  const prompt = usage.required(spell('promptTokenCount'))
  const tools = usage.count(spell('toolUsePromptTokenCount'))
  const cacheRead = usage.count(spell('cachedContentTokenCount'))
  const thoughts = usage.count(spell('thoughtsTokenCount'))
  // The live API says response where the others say candidates.
  const candidates = usage.count(spell('candidatesTokenCount')) + usage.count(spell('responseTokenCount'))
  const heard = audio('promptTokensDetails') + audio('toolUsePromptTokensDetails')
  return {
    ...NO_TOKENS,
    in: prompt + tools,
    out: candidates + thoughts,
    cacheRead,
    reasoning: thoughts,
    // Cached audio is priced as a cache read, so it leaves the audio.
    audioIn: Math.min(
      Math.max(0, heard - audio('cacheTokensDetails')),
      Math.max(0, prompt + tools - cacheRead),
    ),
    audioOut: audio('candidatesTokensDetails') + audio('responseTokensDetails'),
  }
}

const audioOf = (usage: CountReader, name: string): number =>
  usage
    .entries(name)
    .filter((detail) => detail.text('modality').toUpperCase() === 'AUDIO')
    .reduce((sum, detail) => sum + detail.count('tokenCount') + detail.count('token_count'), 0)

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
