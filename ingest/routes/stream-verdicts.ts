/**
 * GET /v1/verdicts/stream: the verdict as server-sent events, at once and on every change.
 * Invariant: a stream never outlives its key, its reader's interest, or this server, and holds a bounded backlog.
 */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, type Caller, callerOf, requireScope } from '../keys/authenticate.ts'
import { countAnswer } from '../metrics/count-calls.ts'
import { type Meter, NO_METER } from '../metrics/meter.ts'
import type { VerdictKeeper } from '../verdicts/keep-verdicts.ts'
import { openVerdictStream, type VerdictStream } from '../verdicts/verdict-stream.ts'
import { waitingClients } from '../verdicts/waiting-clients.ts'

export interface StreamVerdictsDeps extends AuthenticateDeps {
  readonly verdicts: VerdictKeeper
  readonly streamsPerKeyMax?: number
  readonly meter?: Meter
  readonly keyCheckMs?: number
  /** How often a stream says that it lives, and how old its verdict is. */
  readonly aliveMs?: number
}

const KEY_CHECK_MS = 10_000
const FIRST_VERDICT_MS_MAX = 3_000

export function registerStreamVerdicts(app: FastifyInstance, deps: StreamVerdictsDeps): void {
  const { verdicts, keyCheckMs = KEY_CHECK_MS, meter = NO_METER } = deps
  const streams = waitingClients(app, deps.streamsPerKeyMax)

  app.get('/v1/verdicts/stream', { onRequest: requireScope(deps, 'verdicts') }, async (request, reply) => {
    const caller = callerOf(request)
    const { id, projectId } = caller.key
    streams.admit(id)
    if (!(await isKnownSoon(verdicts, projectId))) throw new Refusal('unavailable')
    // Others may have come, or the end of the server, since it was admitted.
    streams.admit(id)
    reply.hijack()
    const stream = openVerdictStream(reply.raw, {
      keyId: id,
      headers: reply.getHeaders(),
      has: lastEventId(request.headers['last-event-id']),
      current: () => verdicts.current(projectId),
      ...(deps.aliveMs === undefined ? {} : { aliveMs: deps.aliveMs }),
    })
    const leave = streams.add(id, stream.end)
    meter.streamOpened()
    countAnswer(meter, request, reply)
    const unwatch = verdicts.watch(projectId, stream.send)
    const checking = setInterval(() => endWhenRefused(caller, stream), keyCheckMs)
    stream.onEnd(() => {
      clearInterval(checking)
      unwatch()
      leave()
      meter.streamClosed()
    })
  })
}

const lastEventId = (header: string | string[] | undefined): string | null =>
  typeof header === 'string' ? header.trim() : null

/** A stream that could not begin with a verdict would leave its client to guess. */
function isKnownSoon(verdicts: VerdictKeeper, projectId: string): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isKnown: boolean) => {
      clearTimeout(timer)
      // After this turn: the first verdict may arrive before `watch` has returned.
      queueMicrotask(() => unwatch())
      resolve(isKnown)
    }
    const timer = setTimeout(() => end(false), FIRST_VERDICT_MS_MAX)
    const unwatch = verdicts.watch(projectId, () => end(true))
  })
}

function endWhenRefused(caller: Caller, stream: VerdictStream): void {
  caller.check().catch((error: unknown) => {
    // A key that cannot be looked up goes on: its stream says no more than the clock does.
    if (error instanceof Refusal && error.code === 'unavailable') return
    stream.end()
  })
}
