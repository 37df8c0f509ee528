/**
 * Names of models whose answers may name a dated snapshot that costs more than the name does by the price list. A call is
 * priced by the name in its answer, so a hold by the name in its request takes the dearer of the two.
 * A test finds every dearer snapshot of the list and wants it in one of the two tables.
 */
export interface Snapshot {
  readonly provider: string
  readonly asked: string
  readonly answers: readonly string[]
}

export const DEARER_SNAPSHOTS: readonly Snapshot[] = [
  {
    provider: 'baseten',
    asked: 'deepseek-ai/DeepSeek-V4-Pro',
    answers: ['deepseek-ai/DeepSeek-V4-Pro-0813'],
  },
  {
    provider: 'huggingface_hyperbolic',
    asked: 'deepseek-ai/DeepSeek-R1',
    answers: ['deepseek-ai/DeepSeek-R1-0528'],
  },
  {
    provider: 'huggingface_novita',
    asked: 'moonshotai/Kimi-K2-Instruct',
    answers: ['moonshotai/Kimi-K2-Instruct-0905'],
  },
  { provider: 'mistral', asked: 'ministral-3b', answers: ['ministral-3b-2512'] },
  { provider: 'mistral', asked: 'ministral-8b', answers: ['ministral-8b-2512', 'ministral-8b-latest'] },
  { provider: 'mistral', asked: 'mistral-medium', answers: ['mistral-medium-latest'] },
  { provider: 'moonshotai', asked: 'kimi-k2', answers: ['kimi-k2-0711-preview', 'kimi-k2-0905-preview'] },
  { provider: 'openrouter', asked: 'deepseek/deepseek-r1', answers: ['deepseek/deepseek-r1-0528'] },
  {
    provider: 'openrouter',
    asked: 'google/gemini-2.5-pro',
    answers: ['google/gemini-2.5-pro-preview-03-25'],
  },
  { provider: 'openrouter', asked: 'mistralai/ministral-3b', answers: ['mistralai/ministral-3b-2512'] },
  { provider: 'openrouter', asked: 'mistralai/ministral-8b', answers: ['mistralai/ministral-8b-2512'] },
  { provider: 'openrouter', asked: 'moonshotai/kimi-k2', answers: ['moonshotai/kimi-k2-0905'] },
  { provider: 'openrouter', asked: 'qwen/qwen-plus', answers: ['qwen/qwen-plus-2025-07-28'] },
]

/**
 * Older snapshots that the name has left: the list prices the name as a later, cheaper one (gpt-4o as 2024-08-06,
 * gpt-3.5-turbo as 0125, mistral-medium as 3.1), and providers move names forward only.
 */
export const LEFT_SNAPSHOTS: readonly Snapshot[] = [
  { provider: 'mistral', asked: 'mistral-medium', answers: ['mistral-medium-2312'] },
  { provider: 'openai', asked: 'gpt-3.5-turbo', answers: ['gpt-3.5-turbo-0613', 'gpt-3.5-turbo-1106'] },
  { provider: 'openai', asked: 'gpt-4o', answers: ['gpt-4o-2024-05-13'] },
  {
    provider: 'openrouter',
    asked: 'openai/gpt-3.5-turbo',
    answers: ['openai/gpt-3.5-turbo-0613', 'openai/gpt-3.5-turbo-1106'],
  },
  { provider: 'openrouter', asked: 'openai/gpt-4o', answers: ['openai/gpt-4o-2024-05-13'] },
]

const BY_NAME: ReadonlyMap<string, readonly string[]> = new Map(
  DEARER_SNAPSHOTS.map(({ provider, asked, answers }) => [`${provider}/${asked}`, answers]),
)

/** The names that an answer may bear: the asked one first. `provider` is the list's. */
export const namesOfAnswer = (provider: string, asked: string): readonly string[] => [
  asked,
  ...(BY_NAME.get(`${provider}/${asked}`) ?? []),
]
