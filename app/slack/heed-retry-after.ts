/**
 * Slack's word on when it may be asked again, heeded by every call of this process: what was answered 429 is asked no
 * sooner, whichever part of the app wants it, and is meanwhile answered as Slack did, with the seconds that are left.
 * Limits go by token and method, and for posting by channel too.
 */
import type { FetchFunction } from '@slack/web-api'

interface Wait {
  readonly fromMs: number
  readonly untilMs: number
}

type Called = Parameters<FetchFunction>

export function heedRetryAfter(now: () => Date, fetchFn: FetchFunction = fetch): FetchFunction {
  const waits = new Map<string, Wait>()
  return async (...called) => {
    const name = nameOf(called)
    const nowMs = now().getTime()
    const wait = waits.get(name)
    if (wait && isOn(wait, nowMs)) return tooMany(Math.ceil((wait.untilMs - nowMs) / 1000))
    const response = await fetchFn(...called)
    const retryAfterS = response.status === 429 ? Number(response.headers.get('retry-after')) : Number.NaN
    forgetPast(waits, nowMs)
    if (retryAfterS > 0) waits.set(name, { fromMs: nowMs, untilMs: nowMs + retryAfterS * 1000 })
    return response
  }
}

/** A clock that was put back must not lengthen a wait. */
const isOn = ({ fromMs, untilMs }: Wait, nowMs: number): boolean => fromMs <= nowMs && nowMs < untilMs

function forgetPast(waits: Map<string, Wait>, nowMs: number): void {
  for (const [name, wait] of waits) if (!isOn(wait, nowMs)) waits.delete(name)
}

function nameOf([url, init]: Called): string {
  const address = String(url)
  const isPost = address.endsWith('/chat.postMessage') && typeof init?.body === 'string'
  const channel = isPost ? new URLSearchParams(String(init.body)).get('channel') : null
  return [address, init?.headers?.Authorization ?? '', channel ?? ''].join('\n')
}

const tooMany = (retryAfterS: number): Response =>
  Response.json(
    { ok: false, error: 'ratelimited' },
    { status: 429, headers: { 'retry-after': String(retryAfterS) } },
  )
