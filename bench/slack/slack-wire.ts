/**
 * Sees what the local Slack of this process has answered, and when: each request once its answer is written. Nothing
 * stands on the way, so that looking costs the app nothing.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage, ServerResponse } from 'node:http'

export interface Answered {
  /** Without what follows a `?`. */
  readonly path: string
  readonly status: number
  /** By `performance.now()`. */
  readonly atMs: number
}

export interface SlackWire {
  /** The next answer of that kind from now on; rejects when none comes in time, and says what it waited for. */
  next(isMeant: (answered: Answered) => boolean, waiting: Waiting): Promise<Answered>
  close(): void
}

export interface Waiting {
  readonly what: string
  readonly withinMs: number
}

const FINISHED = 'http.server.response.finish'

export function openWire(): SlackWire {
  const listeners = new Set<(answered: Answered) => void>()
  const hear = (message: unknown) => {
    const answered = readMessage(message)
    if (answered !== null) for (const listener of listeners) listener(answered)
  }
  subscribe(FINISHED, hear)
  return {
    next: (isMeant, { what, withinMs }) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(late)
          listeners.delete(listener)
        }
        const listener = (answered: Answered) => {
          if (!isMeant(answered)) return
          end()
          resolve(answered)
        }
        const late = setTimeout(() => {
          end()
          reject(new Error(`${what}: nothing came within ${withinMs} ms`))
        }, withinMs)
        listeners.add(listener)
      }),
    close: () => {
      unsubscribe(FINISHED, hear)
    },
  }
}

function readMessage(message: unknown): Answered | null {
  if (typeof message !== 'object' || message === null) return null
  if (!('request' in message && message.request instanceof IncomingMessage)) return null
  if (!('response' in message && message.response instanceof ServerResponse)) return null
  const path = (message.request.url ?? '').replace(/\?.*$/, '')
  return { path, status: message.response.statusCode, atMs: performance.now() }
}

export const isCallOf =
  (method: string) =>
  ({ path }: Answered): boolean =>
    path === `/api/${method}`

/** An answer by a response URL that had none yet: what comes later by it, such as a chart, is another matter. */
export function firstAnswers(): (answered: Answered) => boolean {
  const seen = new Set<string>()
  return ({ path }) => {
    if (!path.startsWith('/response/') || seen.has(path)) return false
    seen.add(path)
    return true
  }
}
