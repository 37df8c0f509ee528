/** The description of this API as OpenAPI 3.1, from one table a resource. It describes the calls and takes part in none. */
import { ERROR_CODES } from '../errors.ts'
import { BUDGET_SCHEMAS } from './budget-schemas.ts'
import { DEED_SCHEMAS } from './deed-schemas.ts'
import { HEALTH } from './health.ts'
import { HOLD_SCHEMAS, HOLDS } from './holds.ts'
import { MANAGE } from './manage.ts'
import { METERING, METERING_SCHEMAS } from './metering.ts'
import { PEOPLE, PEOPLE_SCHEMAS } from './people.ts'
import { PREVIEW, PREVIEW_SCHEMAS } from './preview.ts'
import { list, type Method, type Operation, object, type Paths, type Schema } from './schema.ts'
import { VERDICT_SCHEMAS, VERDICTS } from './verdicts.ts'
import { WEBHOOK_SCHEMAS, WEBHOOKS } from './webhooks.ts'

export interface Route {
  readonly method: Uppercase<Method>
  /** As it is described, `/v1/budgets/{id}`. */
  readonly path: string
}

export const PATHS: Paths = {
  ...METERING,
  ...VERDICTS,
  ...HOLDS,
  ...MANAGE,
  ...PREVIEW,
  ...PEOPLE,
  ...WEBHOOKS,
  ...HEALTH,
}

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  ...{ ...METERING_SCHEMAS, ...VERDICT_SCHEMAS, ...HOLD_SCHEMAS, ...BUDGET_SCHEMAS, ...DEED_SCHEMAS },
  ...{ ...PREVIEW_SCHEMAS, ...PEOPLE_SCHEMAS, ...WEBHOOK_SCHEMAS },
  Error: object({
    error: object(
      {
        code: { type: 'string', enum: ERROR_CODES },
        message: { type: 'string' },
        docs: { type: 'string' },
        fields: list(object({ field: { type: 'string' }, problem: { type: 'string' } })),
      },
      ['fields'],
    ),
  }),
}

/** Of the calls that there are: a server that leaves one out does not describe it. */
export const openApiOf = (isThere: (route: Route) => boolean) => ({
  openapi: '3.1.0',
  info: {
    title: 'LensAI',
    version: '1',
    summary: 'Budget control and real-time cost and latency for LLM usage.',
    description:
      'Money is a decimal string in USD with nine places, or an integer of nano-dollars where a name ends in `_nano_usd`; instants are RFC 3339 in UTC. A key is of one project; its scopes say what it may.',
  },
  tags: ['Metering', 'Verdicts', 'Holds', 'Manage', 'Health'].map((name) => ({ name })),
  paths: pathsThere(isThere),
  components: {
    schemas: SCHEMAS,
    responses: {
      Refused: {
        description:
          'It is refused; the message says what is wrong and the way out. 429 and 503 have Retry-After.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
    securitySchemes: {
      key: {
        ...{ type: 'http', scheme: 'bearer' },
        description:
          'An API key. The scopes are ingest, verdicts, holds, read, manage, and organisation, which widens read and manage to every project.',
      },
    },
  },
})

export const routesDescribed = (paths: Paths = PATHS): Route[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => operations[method]).map((method) => ({ method: upper(method), path })),
  )

const METHODS = ['get', 'post', 'patch', 'delete'] as const

const upper = (method: Method): Uppercase<Method> => METHOD_NAMES[method]
const METHOD_NAMES = { get: 'GET', post: 'POST', patch: 'PATCH', delete: 'DELETE' } as const

function pathsThere(isThere: (route: Route) => boolean): Paths {
  const there: Record<string, Partial<Record<Method, Operation>>> = {}
  for (const [path, operations] of Object.entries(PATHS)) {
    const kept = METHODS.flatMap((method) => {
      const operation = operations[method]
      return operation && isThere({ method: upper(method), path }) ? [[method, operation] as const] : []
    })
    if (kept.length > 0) there[path] = Object.fromEntries(kept)
  }
  return there
}
