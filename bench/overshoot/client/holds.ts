/**
 * Strict mode: leave for one call at its worst case, asked for before the provider is. The event of the same request id
 * settles the hold. Asking again with the same request id is safe, so an answer that did not come is asked for again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from '../clock.ts'
import { postJson, type Server } from './exchange.ts'
import { fieldOf, textOf } from './read-wire.ts'

export interface HoldRequest {
  readonly requestId: string
  readonly provider: string
  readonly model: string
  readonly tokensIn: number
  readonly tokensMax: number
}

/** Money as the wire has it; null when the answer does not say. */
export type HoldAnswer =
  | {
      readonly kind: 'granted'
      readonly holdId: string
      readonly amountUsd: string | null
      readonly tookMs: number
    }
  | { readonly kind: 'refused'; readonly amountUsd: string | null; readonly tookMs: number }
  /** A hold may stand when a request was sent that nobody answered, and for no longer than its time to live. */
  | { readonly kind: 'unreachable'; readonly mayBeHeld: boolean }

export const HOLD_TTL_S = 30
const ASK_WITHIN_MS = 2_000
const ASK_AGAIN_AFTER_MS = 50
const RELEASE_WITHIN_MS = 2_000

export function holdBody({ requestId, provider, model, tokensIn, tokensMax }: HoldRequest): string {
  const size = { max_tokens: tokensMax, input_tokens: tokensIn }
  return JSON.stringify({ request_id: requestId, provider, model, ...size, ttl_s: HOLD_TTL_S })
}

export async function askForHold(
  server: Server,
  request: HoldRequest,
  withinMs = ASK_WITHIN_MS,
): Promise<HoldAnswer> {
  const body = holdBody(request)
  const askedAtMs = nowMs()
  let mayBeHeld = false
  for (;;) {
    const leftMs = withinMs - (nowMs() - askedAtMs)
    if (leftMs <= 0) return { kind: 'unreachable', mayBeHeld }
    const answer = await postJson(server, '/v1/holds', { body, timeoutMs: leftMs })
    if (answer?.status === 200) return readAnswer(answer.body, nowMs() - askedAtMs)
    if (answer !== null && answer.status < 500 && ![408, 429].includes(answer.status)) {
      throw new Error(`a good hold was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
    }
    mayBeHeld ||= answer === null
    const waitMs = answer?.retryAfterMs ?? ASK_AGAIN_AFTER_MS
    // There is no use in waiting for an answer that would come too late.
    if (waitMs >= withinMs - (nowMs() - askedAtMs)) return { kind: 'unreachable', mayBeHeld }
    await sleep(waitMs)
  }
}

export function readAnswer(body: unknown, tookMs: number): HoldAnswer {
  const amountUsd = textOf(body, 'amount_usd') ?? textOf(fieldOf(body, 'refused_by'), 'wanted_usd')
  if (fieldOf(body, 'granted') === false) return { kind: 'refused', amountUsd, tookMs }
  const holdId = textOf(body, 'hold_id')
  if (fieldOf(body, 'granted') !== true || holdId === null) {
    throw new Error(`the answer to a hold is none: ${JSON.stringify(body).slice(0, 300)}`)
  }
  return { kind: 'granted', holdId, amountUsd, tookMs }
}

/** For a call that the provider was never asked for. A release that is lost costs no more than the hold's time to live. */
export async function releaseHold(server: Server, holdId: string): Promise<void> {
  await postJson(server, `/v1/holds/${holdId}/release`, { body: '{}', timeoutMs: RELEASE_WITHIN_MS })
}
