/**
 * POST /v1/metrics and POST /v1/logs: answered as taken, and nothing is.
 * One exporter endpoint serves all signals, and an exporter that fails fills its own log. The token metrics repeat what
 * the spans say, so counting both would bill twice; logs hold prompts.
 */
import type { FastifyInstance } from 'fastify'
import { drain } from '../drain.ts'
import { type AuthenticateDeps, requireScope } from '../keys/authenticate.ts'
import { protobufResponse } from './encode-answer.ts'
import { protobufTypeOf } from './media-type.ts'

export function registerIgnoredSignals(app: FastifyInstance, deps: AuthenticateDeps): void {
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', async (_request: unknown, payload: Parameters<typeof drain>[0]) => {
      await drain(payload)
    })
    const onRequest = requireScope(deps, 'ingest')
    for (const url of ['/v1/metrics', '/v1/logs']) {
      scope.post(url, { onRequest }, async (request, reply) => {
        const protobuf = protobufTypeOf(request)
        // The empty message is the same for every signal.
        return protobuf === null ? reply.send({}) : reply.type(protobuf).send(protobufResponse(null))
      })
    }
    done()
  })
}
