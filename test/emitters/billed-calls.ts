/** What was billed and what was counted, in one form that can be compared. */
import type { PricedEvent, TokenUsage } from '../../core/event/usage-event.ts'
import { normaliseUsage } from '../../core/usage/normalise.ts'
import type { BilledCall } from './recording-provider.ts'

export type CallKind = 'chat' | 'stream' | 'embeddings' | 'responses' | 'messages' | 'messages stream'

const KINDS: Readonly<Record<string, CallKind>> = {
  '/v1/chat/completions': 'chat',
  '/v1/embeddings': 'embeddings',
  '/v1/responses': 'responses',
  '/v1/messages': 'messages',
}

export function kindOf({ path, streamed }: BilledCall): CallKind {
  const kind = KINDS[path]
  if (kind === undefined) throw new Error(`no emitter calls ${path}`)
  if (!streamed) return kind
  return kind === 'messages' ? 'messages stream' : 'stream'
}

export interface ComparedCall {
  readonly provider: string
  readonly model: string
  readonly tokens: TokenUsage
}

/** A bill names the snapshot that answered; emitters may name the model that was asked for. */
const withoutDate = (model: string): string => model.replace(/-\d{4}-\d{2}-\d{2}$/, '')

export function ofBill({ path, model, usage }: BilledCall): ComparedCall {
  const provider = path === '/v1/messages' ? 'anthropic' : 'openai'
  const normalised = normaliseUsage(provider, usage)
  if (normalised.kind === 'unreadable') throw new Error(normalised.reason)
  return { provider, model: withoutDate(model), tokens: normalised.tokens }
}

export const ofEvent = ({ provider, model, tokens }: PricedEvent): ComparedCall => ({
  provider,
  model: withoutDate(model),
  tokens,
})

/** Emitters export in any order. */
export const inOrder = (calls: readonly ComparedCall[]): readonly ComparedCall[] =>
  calls.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
