/**
 * Bolt's receiver for Socket Mode. Keeps one connection to Slack, and opens the next before Slack ends it.
 * Invariant: a connection is not left by us while something that came through it is unanswered.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, AuthorizationError, type Receiver } from '@slack/bolt'
import { describeFailure, slackFailureOf } from './slack-failure.ts'
import { connectToSlack, type Envelope, type SocketConnection } from './socket-connection.ts'
import { socketRefusal } from './socket-refusal.ts'
import type { SlackClientDeps } from './web-client.ts'

const RETRY_MS = 500
const RETRY_MAX_MS = 30_000
/** Slack's patience: what is not answered by then is answered too late. */
const DRAIN_MS = 3_000

interface Held {
  connection: SocketConnection | null
  /** Slack has said that it will end it: another is opened, or is there. */
  isLeaving: boolean
  /** Slack sends nothing more through it. */
  isOver: boolean
  unanswered: number
}

export function socketReceiver(deps: SlackClientDeps & { readonly appToken: string }): Receiver {
  const { log } = deps
  const held = new Set<Held>()
  const underWay = new Set<Promise<void>>()
  const ending = new AbortController()
  let app: App | null = null
  let connecting: Promise<void> | null = null
  /** Only a person can help, so Slack is asked again after a while. */
  let isTurnedOff = false

  async function open(): Promise<void> {
    const one: Held = { connection: null, isLeaving: false, isOver: false, unanswered: 0 }
    one.connection = await connectToSlack(deps, {
      onEnvelope: (envelope) => take(one, envelope),
      onLeave: (reason) => leave(one, reason),
      onEnd: () => {
        held.delete(one)
        keepConnected()
      },
    })
    held.add(one)
    // Asked to end, or told to leave, while it was still being opened.
    if (ending.signal.aborted) await one.connection.close()
    else settle(one)
  }

  /** Until one is there that will stay. */
  async function connect(): Promise<void> {
    if (isTurnedOff) await rest(RETRY_MAX_MS)
    isTurnedOff = false
    for (let attempt = 0; !ending.signal.aborted && !staying(); attempt += 1) {
      try {
        await open()
      } catch (error) {
        await wait(error, Math.min(RETRY_MS * 2 ** Math.min(attempt, 10), RETRY_MAX_MS))
      }
    }
  }

  const staying = () => [...held].some(({ isLeaving }) => !isLeaving)

  function keepConnected(): void {
    if (ending.signal.aborted || staying()) return
    connecting ??= connect().finally(() => {
      connecting = null
    })
  }

  async function wait(error: unknown, usualMs: number): Promise<void> {
    const failure = slackFailureOf(error)
    const refusal = socketRefusal(failure)
    const waitMs =
      refusal !== null ? RETRY_MAX_MS : failure?.kind === 'rate_limited' ? failure.retryAfterMs : usualMs
    const reason = failure ? describeFailure(failure) : String(error)
    if (refusal !== null) log.error({ reason }, refusal)
    else log.warn({ reason, waitMs }, 'no connection to Slack; trying again')
    await rest(waitMs)
  }

  async function rest(ms: number): Promise<void> {
    // Asked to end meanwhile, the sleep ends by an error; whoever waits looks at the signal.
    await sleep(ms, undefined, { signal: ending.signal, ref: false }).catch(() => undefined)
  }

  function leave(one: Held, reason: string): void {
    one.isLeaving = true
    one.isOver ||= reason !== 'warning'
    isTurnedOff ||= reason === 'link_disabled'
    if (reason === 'link_disabled')
      log.error(
        { reason },
        'Socket Mode is turned off: turn it on under Socket Mode on the page of the Slack app',
      )
    else if (reason === 'too_many_websockets')
      log.error(
        { reason },
        'too many processes use this SLACK_APP_TOKEN: Slack allows ten connections of an app',
      )
    keepConnected()
    settle(one)
  }

  /** Goes once Slack sends no more by it and all is answered. */
  function settle(one: Held): void {
    if (one.isOver && one.unanswered === 0) void one.connection?.close()
  }

  function take(one: Held, envelope: Envelope): void {
    one.unanswered += 1
    const work = answer(envelope, () => {
      one.unanswered -= 1
      settle(one)
    }).finally(() => underWay.delete(work))
    underWay.add(work)
  }

  async function answer({ body, retryNum, retryReason, ...envelope }: Envelope, done: () => void) {
    let isAnswered = false
    const ack = async (payload?: unknown) => {
      if (isAnswered) return
      isAnswered = true
      await envelope
        .answer(payload)
        .catch((error: unknown) => log.warn({ reason: String(error) }, 'an answer to Slack came too late'))
        .finally(done)
    }
    try {
      await app?.processEvent({
        body,
        ack,
        ...(retryNum === undefined ? {} : { retryNum }),
        ...(retryReason === undefined ? {} : { retryReason }),
      })
    } catch (error) {
      // Sent again, it would be refused again.
      if (error instanceof AuthorizationError) return await ack()
      log.error({ reason: String(error) }, 'a request of Slack was not answered')
    } finally {
      // What was left unanswered stays so, as Slack is to see; nobody waits for it any more.
      if (!isAnswered) done()
    }
  }

  return {
    init(bolt) {
      app = bolt
    },
    /** Rejects when Slack refuses the token; where Slack is only not there, the connection is made later. */
    async start() {
      try {
        await open()
      } catch (error) {
        const refusal = socketRefusal(slackFailureOf(error))
        if (refusal !== null) throw new Error(refusal)
        log.warn({ reason: String(error) }, 'no connection to Slack; trying again')
        keepConnected()
      }
    },
    async stop() {
      ending.abort()
      const patience = sleep(DRAIN_MS, 'late', { ref: false })
      while (underWay.size > 0)
        if ((await Promise.race([Promise.allSettled(underWay), patience])) === 'late') break
      await Promise.all([...held].map(({ connection }) => connection?.close()))
      await connecting
    },
  }
}
