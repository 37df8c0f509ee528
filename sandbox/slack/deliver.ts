/**
 * One delivery to the app, with Slack's patience of three seconds: as a request signed as Slack signs, or by Socket Mode.
 * Invariant: the signature covers exactly the bytes that are sent.
 */
import { createHmac } from 'node:crypto'
import { type Delivered, remembered, type SandboxContext } from './sandbox-context.ts'
import type { SocketMode } from './socket-mode.ts'

export const ackTimeoutMs = 3000

export interface DeliverDeps {
  context: SandboxContext
  requestUrl: string
  signingSecret: string
  ackTimeoutMs: number
  /** With it nothing goes over HTTP, as when Socket Mode is turned on for an app. */
  socketMode: SocketMode | null
}

export interface Parcel {
  kind: string
  contentType: 'application/json' | 'application/x-www-form-urlencoded'
  body: string
  retry?: { num: number; reason: string }
}

export interface Delivery extends Delivered {
  /** The app asked not to be retried. */
  noRetry: boolean
}

export function sign(signingSecret: string, timestampSeconds: number, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestampSeconds}:${body}`).digest('hex')}`
}

export async function deliver(deps: DeliverDeps, parcel: Parcel): Promise<Delivery> {
  const { context } = deps
  const atMs = context.now().getTime()
  const startedAt = performance.now()
  const attempt = deps.socketMode
    ? await deps.socketMode.deliver(parcel, deps.ackTimeoutMs)
    : await send(deps, parcel, Math.floor(atMs / 1000))
  const delivery: Delivery = {
    ...attempt,
    atMs,
    kind: parcel.kind,
    tookMs: Math.round(performance.now() - startedAt),
    retryNum: parcel.retry?.num ?? 0,
  }
  context.deliveries.push(delivery)
  if (context.deliveries.length > remembered.deliveriesMax) context.deliveries.shift()
  if (delivery.outcome !== 'acknowledged')
    context.log.warn(
      { kind: delivery.kind, outcome: delivery.outcome, http_status: delivery.httpStatus },
      'the app did not acknowledge a delivery',
    )
  return delivery
}

export type Attempt = Pick<Delivery, 'outcome' | 'httpStatus' | 'body' | 'noRetry'>

async function send(deps: DeliverDeps, parcel: Parcel, timestampSeconds: number): Promise<Attempt> {
  try {
    const response = await fetch(deps.requestUrl, {
      method: 'POST',
      headers: {
        'content-type': parcel.contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestampSeconds),
        'x-slack-signature': sign(deps.signingSecret, timestampSeconds, parcel.body),
        ...(parcel.retry
          ? {
              'x-slack-retry-num': String(parcel.retry.num),
              'x-slack-retry-reason': parcel.retry.reason,
            }
          : {}),
      },
      body: parcel.body,
      signal: AbortSignal.timeout(deps.ackTimeoutMs),
    })
    const body = readBody(await response.text())
    return {
      outcome: response.ok ? 'acknowledged' : 'refused',
      httpStatus: response.status,
      body,
      noRetry: response.headers.get('x-slack-no-retry') === '1',
    }
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError'
    return { outcome: timedOut ? 'timed_out' : 'unreachable', httpStatus: null, body: null, noRetry: false }
  }
}

function readBody(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    // An app may answer in plain words.
    return text
  }
}

/** The name Slack's client shows a person for a delivery that failed. */
export function failureName(delivery: Delivered): string {
  switch (delivery.outcome) {
    case 'timed_out':
      return 'operation_timeout'
    case 'unreachable':
      return 'dispatch_unknown_error'
    case 'refused':
      return delivery.httpStatus === 404 ? 'dispatch_failed' : 'http_service_error'
    case 'acknowledged':
      return 'invalid_response'
  }
}
