/**
 * A call of the stand-in provider. The length of its answer is the trace's, told in the prompt where only the stand-in
 * reads it, and cut at `max_tokens`, which is all that a client knows of it.
 */
import { postJson, type Server } from './exchange.ts'
import { fieldOf, numberOf, textOf } from './read-wire.ts'

export const PROVIDER = 'openai'
export const MODEL = 'gpt-4o'
const TIMEOUT_MS = 120_000

export interface Asked {
  readonly contextTokens: number
  readonly generatedTokens: number
  readonly tokensMax: number
}

export interface Answered {
  readonly model: string
  readonly serviceTier: string | null
  readonly usage: unknown
  readonly tokensIn: number
  readonly tokensOut: number
}

/** Null when it could not be asked. */
export async function askProvider(provider: Server, asked: Asked): Promise<Answered | null> {
  const content = promptOf(asked)
  const messages = [{ role: 'user', content }]
  const body = JSON.stringify({ model: MODEL, messages, max_tokens: asked.tokensMax })
  const answer = await postJson(provider, '/v1/chat/completions', { body, timeoutMs: TIMEOUT_MS })
  if (answer === null) return null
  const [model, usage] = [textOf(answer.body, 'model'), fieldOf(answer.body, 'usage')]
  const [tokensIn, tokensOut] = [numberOf(usage, 'prompt_tokens'), numberOf(usage, 'completion_tokens')]
  if (answer.status !== 200 || model === null || tokensIn === null || tokensOut === null) {
    throw new Error(`the provider refused a good call: ${answer.status} ${JSON.stringify(answer.body)}`)
  }
  return { model, usage, tokensIn, tokensOut, serviceTier: textOf(answer.body, 'service_tier') }
}

/** As many words as the trace has tokens; the first asks for the answer's length (sandbox/provider/tokens.ts). */
function promptOf({ contextTokens, generatedTokens }: Asked): string {
  const first = `answer:${Math.max(1, generatedTokens)}`
  return `${first}${' word'.repeat(Math.max(1, contextTokens) - 1)}`
}
