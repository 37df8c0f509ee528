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
import type { VerdictJson } from '../verdicts/verdict-json.ts'
import { openVerdictStream, type VerdictStream } from '../verdicts/verdict-stream.ts'

export interface StreamVerdictsDeps extends AuthenticateDeps {
  readonly verdicts: VerdictKeeper
  readonly streamsPerKeyMax?: number
  readonly meter?: Meter
  readonly keyCheckMs?: number
}

const STREAMS_PER_KEY_MAX = 1_000
const KEY_CHECK_MS = 10_000
const FIRST_VERDICT_MS_MAX = 3_000

export function registerStreamVerdicts(app: FastifyInstance, deps: StreamVerdictsDeps): void {
  const { streamsPerKeyMax = STREAMS_PER_KEY_MAX, keyCheckMs = KEY_CHECK_MS, meter = NO_METER } = deps
  const open = new Map<string, Set<VerdictStream>>()
  let closing = false

  app.addHook('preClose', async () => {
    closing = true
    for (const streams of open.values()) for (const stream of [...streams]) stream.end()
  })

  app.get('/v1/verdicts/stream', { onRequest: requireScope(deps, 'verdicts') }, async (request, reply) => {
    const caller = callerOf(request)
    const { id, projectId } = caller.key
    const streams = open.get(id) ?? new Set()
    if (streams.size >= streamsPerKeyMax) throw new Refusal('streams_too_many')
    if (!(await isKnownSoon(deps.verdicts, projectId)) || closing) throw new Refusal('unavailable')
    reply.hijack()
    const stream = openVerdictStream(reply.raw, reply.getHeaders())
    open.set(id, streams.add(stream))
    meter.streamOpened()
    countAnswer(meter, request, reply)
    const unwatch = deps.verdicts.watch(projectId, stream.send)
    const checking = setInterval(() => endWhenRefused(caller, stream), keyCheckMs)
    stream.onEnd(() => {
      clearInterval(checking)
      unwatch()
      streams.delete(stream)
      meter.streamClosed()
      if (streams.size === 0) open.delete(id)
    })
  })
}

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
    const unwatch = verdicts.watch(projectId, (_verdict: VerdictJson) => end(true))
  })
}

function endWhenRefused(caller: Caller, stream: VerdictStream): void {
  caller.check().catch((error: unknown) => {
    // A key that cannot be looked up goes on: its stream says no more than the clock does.
    if (error instanceof Refusal && error.code === 'unavailable') return
    stream.end()
  })
}
