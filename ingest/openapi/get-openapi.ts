/** GET /openapi.json: the description of this API, the same for everybody. */
import type { FastifyInstance } from 'fastify'
import { openApiOf } from './document.ts'

/** Registered last: it describes the calls that are there. */
export function registerOpenApi(app: FastifyInstance): void {
  let text: string | null = null
  app.get('/openapi.json', async (_request, reply) => {
    text ??= JSON.stringify(
      openApiOf(({ method, path }) => app.hasRoute({ method, url: path.replace(/\{(\w+)\}/g, ':$1') })),
    )
    return reply.header('cache-control', 'public, max-age=300').type('application/json').send(text)
  })
}
