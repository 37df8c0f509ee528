/**
 * The floor under ingest: Fastify that reads the same bodies, checks them against the same limits as a schema, and
 * answers as ingest does, doing nothing else. What ingest costs above it is what we do.
 */
import Fastify from 'fastify'
import { jsonOf } from '../../../ingest/body/read-body.ts'
import { BODY_BYTES_MAX } from '../../../ingest/errors.ts'
import { BATCH_SCHEMA } from './batch-schema.ts'

const app = Fastify({
  bodyLimit: BODY_BYTES_MAX,
  ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
})
app.removeAllContentTypeParsers()
app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, jsonOf)
app.post<{ Body: { readonly events: readonly unknown[] } }>(
  '/v1/events',
  { schema: { body: BATCH_SCHEMA } },
  async (request, reply) => reply.code(202).send({ accepted: request.body.events.length, rejected: [] }),
)
process.once('disconnect', () => process.exit(0))
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.send?.({ port: typeof address === 'object' ? address?.port : null })
