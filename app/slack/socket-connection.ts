/**
 * One connection of Socket Mode, from asking Slack for its address to its end.
 * Slack's client leaves at once when it is told that the connection will be renewed, and loses what it has not yet answered;
 * here that word goes to the caller instead, who opens another connection first.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SocketModeClient } from '@slack/socket-mode'
import type { SlackClientDeps } from './web-client.ts'
import { slackClientOptions } from './web-client.ts'

export interface Envelope {
  readonly body: Record<string, unknown>
  readonly retryNum: number | undefined
  readonly retryReason: string | undefined
  /** Rejects when the connection is gone. */
  answer(payload: unknown): Promise<void>
}

export interface ConnectionListeners {
  onEnvelope(envelope: Envelope): void
  /** Slack is about to end this connection, and says why. */
  onLeave(reason: string): void
  onEnd(): void
}

export interface SocketConnection {
  close(): Promise<void>
}

const CLOSE_WITHIN_MS = 1_000

interface FromSlack {
  readonly body: Record<string, unknown>
  readonly retry_num?: number
  readonly retry_reason?: string
  readonly ack: (payload?: unknown) => Promise<void>
}

/** Resolves once Slack has said hello; rejects with what Slack answered, or because the connection ended before. */
export async function connectToSlack(
  { appToken, ...deps }: SlackClientDeps & { readonly appToken: string },
  listeners: ConnectionListeners,
): Promise<SocketConnection> {
  const { logger, ...clientOptions } = slackClientOptions(deps)
  const client = new SocketModeClient({
    appToken,
    clientOptions,
    // Who renews a connection and when is decided by the caller.
    autoReconnectEnabled: false,
    ...(logger ? { logger } : {}),
  })
  client.on('slack_event', (event: FromSlack) => {
    listeners.onEnvelope({
      body: event.body,
      retryNum: event.retry_num,
      retryReason: event.retry_reason,
      answer: event.ack,
    })
  })
  takeLeaves(client, listeners.onLeave)
  try {
    await client.start()
  } catch (error) {
    // The client has no word for a connection that ends before Slack says hello.
    throw error ?? new Error('the connection ended before Slack said hello')
  }
  client.once('disconnected', listeners.onEnd)
  return {
    // Slack may be slow to say goodbye, and nothing depends on its doing so.
    close: async () => {
      await Promise.race([client.disconnect(), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })])
    },
  }
}

/** Puts itself before the client's own reading of messages. */
function takeLeaves(client: SocketModeClient, onLeave: (reason: string) => void): void {
  const own = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    const reason = leaveReason(data)
    if (reason !== null) return onLeave(reason)
    for (const listener of own) listener(data, isBinary)
  })
}

function leaveReason(data: unknown): string | null {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return null
  try {
    const message: unknown = JSON.parse(data)
    if (typeof message !== 'object' || message === null) return null
    if (!('type' in message) || message.type !== 'disconnect') return null
    return 'reason' in message && typeof message.reason === 'string' ? message.reason : 'unknown'
  } catch {
    // The client says of what is no JSON that it ignores it.
    return null
  }
}
