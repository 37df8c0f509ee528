/**
 * The models this stand-in knows. An alias answers as its dated snapshot, as OpenAI's do:
 * whoever prices by the name that was asked for, and not by the one that answered, is found out here.
 */
export interface Model {
  readonly id: string
  readonly snapshot: string
  readonly kind: 'chat' | 'embedding'
  readonly dimensions?: number
}

const MODELS: readonly Model[] = [
  { id: 'gpt-4o', snapshot: 'gpt-4o-2024-08-06', kind: 'chat' },
  { id: 'gpt-4o-mini', snapshot: 'gpt-4o-mini-2024-07-18', kind: 'chat' },
  { id: 'gpt-4.1', snapshot: 'gpt-4.1-2025-04-14', kind: 'chat' },
  { id: 'gpt-4.1-mini', snapshot: 'gpt-4.1-mini-2025-04-14', kind: 'chat' },
  { id: 'gpt-4.1-nano', snapshot: 'gpt-4.1-nano-2025-04-14', kind: 'chat' },
  { id: 'gpt-5', snapshot: 'gpt-5-2025-08-07', kind: 'chat' },
  { id: 'gpt-5-mini', snapshot: 'gpt-5-mini-2025-08-07', kind: 'chat' },
  {
    id: 'text-embedding-3-small',
    snapshot: 'text-embedding-3-small',
    kind: 'embedding',
    dimensions: 1536,
  },
  {
    id: 'text-embedding-3-large',
    snapshot: 'text-embedding-3-large',
    kind: 'embedding',
    dimensions: 3072,
  },
]

export const modelNamed = (name: string): Model | undefined =>
  MODELS.find((model) => model.id === name || model.snapshot === name)

export const allModels = (): readonly Model[] => MODELS
