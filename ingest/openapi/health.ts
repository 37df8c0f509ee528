/** What operators ask, without a key; and this description itself. */
import { answers, list, object, type Paths, type Schema } from './schema.ts'

const open = { tags: ['Health'], security: [] } as const
const name: Schema = { type: 'string' }

export const HEALTH: Paths = {
  '/healthz': {
    get: {
      ...open,
      operationId: 'getHealth',
      summary: 'Whether the process lives',
      responses: { '200': answers('It does.', object({ alive: { const: true } })) },
    },
  },
  '/readyz': {
    get: {
      ...open,
      operationId: 'getReadiness',
      summary: 'Whether events can be taken and counted, and how far counting is behind',
      responses: {
        '200': answers('They can.', object({ ready: { const: true } })),
        '503': answers(
          'They cannot; the stores that do not answer are named.',
          object({ error: { type: 'object' }, stores: list(name) }),
        ),
      },
    },
  },
  '/openapi.json': {
    get: {
      ...open,
      operationId: 'getOpenApi',
      summary: 'This description',
      responses: { '200': answers('An OpenAPI 3.1 document.', { type: 'object' }) },
    },
  },
}
