/**
 * The HTTP API of ingest, built and not listening.
 * Invariant: every answer that is no success has the one error shape, or for protobuf that of a Status, and tells nothing
 * of the inside.
 */
import { randomUUID } from 'node:crypto'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { jsonOf } from './body/read-body.ts'
import { answerClientError } from './client-errors.ts'
import { CONNECTION_LIMITS, type ConnectionLimits, serverOptionsOf } from './connections.ts'
import { drain } from './drain.ts'
import {
  answerOf,
  BODY_BYTES_MAX,
  codeOfHttpError,
  type ErrorCode,
  Refusal,
  type RefusalDetail,
} from './errors.ts'
import { type HoldRoutesDeps, registerHolds } from './holds/hold-routes.ts'
import { type RateLimitsOptions, registerRateLimits } from './keys/rate-limits.ts'
import { registerPostLiteLlm } from './litellm/post-litellm.ts'
import { reasonOf } from './log.ts'
import type { ManageStore } from './manage/manage-store.ts'
import { registerManage } from './manage/register-manage.ts'
import { countCalls } from './metrics/count-calls.ts'
import { NO_METER } from './metrics/meter.ts'
import { registerOpenApi } from './openapi/get-openapi.ts'
import { protobufStatus } from './otlp/encode-answer.ts'
import { protobufTypeOf } from './otlp/media-type.ts'
import { registerIgnoredSignals } from './otlp/post-ignored-signals.ts'
import { registerPostTraces } from './otlp/post-traces.ts'
import { type GetVerdictsDeps, registerGetVerdicts } from './routes/get-verdicts.ts'
import { type Readiness, registerHealth } from './routes/health.ts'
import { type PostEventsDeps, registerPostEvents } from './routes/post-events.ts'
import { registerStreamVerdicts, type StreamVerdictsDeps } from './routes/stream-verdicts.ts'

type RouteDeps = PostEventsDeps & GetVerdictsDeps & StreamVerdictsDeps & HoldRoutesDeps

export interface IngestDeps extends Omit<RouteDeps, 'limits'> {
  readonly readiness: () => Promise<Readiness>
  readonly log: FastifyBaseLogger
  /** Left out where nothing is managed, as in tests and benchmarks of what is metered. */
  readonly manage?: ManageStore
  readonly rateLimits?: RateLimitsOptions
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[]
  readonly connectionLimits?: ConnectionLimits
}

/** What is being answered when the server closes has this long to end. */
const CLOSE_WITHIN_MS = 1_500

export function buildIngest(given: IngestDeps): FastifyInstance {
  const { meter = NO_METER } = given
  const app = Fastify({
    loggerInstance: given.log,
    // At thousands of batches a second a line for each would be most of the work.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => randomUUID(),
    ...serverOptionsOf(given.connectionLimits ?? CONNECTION_LIMITS),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, meter.refused),
    frameworkErrors: (_error, _request, reply) => {
      answer(reply, 'request_malformed')
    },
    // Refused below, in the one shape of errors.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    trustProxy: given.trustedProxies?.length ? [...given.trustedProxies] : false,
  })
  const deps: RouteDeps & IngestDeps = { ...given, limits: registerRateLimits(app, given.rateLimits) }
  app.decorateRequest('caller', null)
  readJsonOnly(app)
  refuseWhileClosing(app)
  countCalls(app, meter)
  app.setNotFoundHandler((request, reply) =>
    answer(reply, 'route_unknown', {
      message: `There is no ${request.method} ${pathOf(request)}; the docs list every call.`,
    }),
  )
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  registerPostEvents(app, deps)
  registerPostTraces(app, deps)
  registerIgnoredSignals(app, deps)
  registerPostLiteLlm(app, deps)
  registerGetVerdicts(app, deps)
  registerStreamVerdicts(app, deps)
  registerHolds(app, deps)
  if (deps.manage) registerManage(app, { ...deps, manage: deps.manage })
  registerHealth(app, deps.readiness)
  registerOpenApi(app)
  return app
}

/** JSON is what every call takes; a call that takes more adds its own parser. */
function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, jsonOf)
}

function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    // A connection that never sent a call counts as busy, and would hold up the end for minutes.
    setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN_MS).unref()
  })
  app.addHook('onRequest', async (_request, reply) => {
    if (!closing) return
    reply.header('connection', 'close')
    throw new Refusal('unavailable')
  })
}

async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (error instanceof Refusal) return answer(reply, error.code, error.detail)
  const facts = typeof error === 'object' && error !== null ? error : {}
  const code = codeOfHttpError(facts)
  if (code === 'body_too_large') await drain(request.raw)

  if (code) return answer(reply, code)
  request.log.error(
    { ...reasonOf(error), stack: stackOf(error), route: request.routeOptions.url },
    'a call failed',
  )
  reply.header('x-request-id', request.id)
  return answer(reply, 'internal')
}

function answer(reply: FastifyReply, code: ErrorCode, detail?: RefusalDetail): FastifyReply {
  reply.refusedWith = code
  const { status, headers, body } = answerOf(code, detail)
  reply.code(status).headers(headers)
  // Who sends protobuf reads no JSON.
  const protobuf = protobufTypeOf(reply.request)
  if (protobuf !== null) return reply.type(protobuf).send(protobufStatus(status, body.error.message))
  return reply.send(body)
}

/** Where it failed, without the message, which may hold a customer's values. */
const stackOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? error.stack
        ?.split('\n')
        .filter((line) => /^\s+at /.test(line))
        .join('\n')
    : undefined

const pathOf = (request: FastifyRequest): string => (request.url.split('?', 1)[0] ?? '').slice(0, 200)
