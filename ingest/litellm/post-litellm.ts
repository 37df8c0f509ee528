/**
 * POST /v1/litellm: takes the calls of a LiteLLM proxy or package as its generic API callback sends them.
 *
 * LiteLLM reads nothing of the answer, sends again only after a 5xx and only when it is told to (`max_retries`), and
 * drops a batch that is refused. So what can be taken of a batch is taken, and the limits are wide: a full batch is 512
 * payloads of at least 12 KB, with their prompts on top.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RejectedEvent } from '../../core/event/parse-batch.ts'
import { parseEvent } from '../../core/event/parse-event.ts'
import type { UsageEvent } from '../../core/event/usage-event.ts'
import { eventOfPayload } from '../../core/litellm/event-of-payload.ts'
import { unreachable } from '../../core/unreachable.ts'
import { bytesOf, refusalOf } from '../body/read-body.ts'
import { Refusal } from '../errors.ts'
import { type AuthenticateDeps, callerOf, requireScope } from '../keys/authenticate.ts'
import { countByCode } from '../metrics/meter.ts'
import { batchAnswer } from '../routes/batch-answer.ts'
import { redactedOrRefused, type TakeEventsDeps, takeEvents } from '../take-events.ts'
import { payloadsOfBody } from './payloads-of-body.ts'

export interface PostLiteLlmDeps extends TakeEventsDeps, AuthenticateDeps {}

export const LITELLM_BYTES_MAX = 32 * 1024 * 1024
export const LITELLM_PAYLOADS_MAX = 5_000

export function registerPostLiteLlm(app: FastifyInstance, deps: PostLiteLlmDeps): void {
  // A scope of its own: only here may JSON be one object a line.
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    const types = ['application/json', 'application/x-ndjson']
    scope.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, textOf)
    const onRequest = requireScope(deps, 'ingest')
    scope.post('/v1/litellm', { onRequest, bodyLimit: LITELLM_BYTES_MAX }, async (request, reply) => {
      const { key } = callerOf(request)
      const receivedAt = deps.now()
      const { events, rejected } = eventsOf(payloadsIn(request.body), receivedAt)
      const redacted =
        events.length > 0 ? redactedOrRefused(await takeEvents(deps, { key, events, receivedAt })) : {}
      deps.meter?.rejected(countByCode(rejected))
      return reply.code(202).send(batchAnswer({ accepted: events.length, rejected, redacted }))
    })
    done()
  })
}

/** Lenient where a broken character in one prompt, which is dropped, would cost the whole batch. */
const textOf = async (request: FastifyRequest, body: Buffer): Promise<string> =>
  (await bytesOf(request, body)).toString('utf8')

function payloadsIn(body: unknown): readonly unknown[] {
  const read = payloadsOfBody(typeof body === 'string' ? body : '', LITELLM_PAYLOADS_MAX)
  switch (read.kind) {
    case 'payloads':
      if (read.payloads.length <= LITELLM_PAYLOADS_MAX) return read.payloads
      throw new Refusal('body_too_large', `The body holds more than ${LITELLM_PAYLOADS_MAX} payloads.`)
    case 'not_json':
    case 'too_deep':
    case 'too_many':
      throw refusalOf(read.kind)
    case 'not_payloads':
      throw new Refusal(
        'body_not_batch',
        'The body is no payload of LiteLLM: send one, a list of them, or one a line.',
      )
    default:
      return unreachable(read)
  }
}

interface Read {
  readonly events: readonly UsageEvent[]
  readonly rejected: readonly RejectedEvent[]
}

function eventsOf(payloads: readonly unknown[], receivedAt: Date): Read {
  const events: UsageEvent[] = []
  const rejected: RejectedEvent[] = []
  for (const [index, payload] of payloads.entries()) {
    if (payload === undefined) {
      rejected.push({ index, code: 'event_not_object', reason: `line ${index + 1} is no JSON` })
      continue
    }
    const parsed = parseEvent(eventOfPayload(payload), { receivedAt, source: 'litellm' })
    if (parsed.kind === 'event') events.push(parsed.event)
    else rejected.push({ index, code: parsed.code, reason: parsed.reason })
  }
  return { events, rejected }
}
