/** What tests of the manage API start from: keys of three people, and the calls that they make most. */
import { expect } from 'vitest'
import { isJsonObject, type JsonObject } from '../../core/event/field-reader.ts'
import { auditLog } from '../../db/postgres/schema.ts'
import type { IngestGroundOptions } from './ingest-ground.ts'
import { type Answered, layManageGround, type ManageGround } from './manage-ground.ts'

export interface Managed extends ManageGround {
  /** A key that manages the project, of ada. */
  readonly ada: string
  /** A key that manages the whole organisation, of ben. */
  readonly ben: string
  /** A key that only reads the project. */
  readonly reader: string
  /** Asks for a budget of $10, unless `fields` say otherwise. */
  readonly make: (fields?: object, key?: string, headers?: Record<string, string>) => Promise<Answered>
  /** The id of a budget that was made. */
  readonly made: (fields?: object, key?: string) => Promise<string>
  readonly get: (url: string, key?: string) => Promise<Answered>
  readonly post: (
    url: string,
    sent?: unknown,
    key?: string,
    headers?: Record<string, string>,
  ) => Promise<Answered>
  /** Who did what by the API, by name: deeds of one instant have no order. */
  readonly deeds: () => Promise<string[]>
}

export async function layManaged(
  now: () => Date,
  options: Pick<IngestGroundOptions, 'clickhouseUrl'> = {},
): Promise<Managed> {
  const ground = await layManageGround(now, options)
  const ada = await ground.makeKey({ scopes: ['manage'], person: 'ada' })
  const ben = await ground.makeKey({ scopes: ['manage', 'organisation'], person: 'ben' })
  const reader = await ground.makeKey({ scopes: ['read'] })
  const make: Managed['make'] = (fields = {}, key = ada, headers = {}) =>
    ground.call(key, 'POST', '/v1/budgets', { limit_usd: '10', ...fields }, headers)
  return {
    ...ground,
    ...{ ada, ben, reader, make },
    async made(fields, key) {
      const { status, body } = await make(fields, key)
      expect(status).toBe(201)
      return String(body.id)
    },
    get: (url, key = reader) => ground.call(key, 'GET', url),
    post: (url, sent, key = ada, headers = {}) => ground.call(key, 'POST', url, sent, headers),
    async deeds() {
      const rows = await ground.postgres.tables.select().from(auditLog)
      return rows
        .filter(({ origin }) => origin === 'api')
        .map(({ action, actor }) => `${actor} ${action}`)
        .sort()
    },
  }
}

/** What is said of the fields of a body that is refused. */
export const fieldsOf = ({ body: { error } }: Answered): string =>
  JSON.stringify(isJsonObject(error) ? error.fields : null)

export const itemsOf = ({ body: { items } }: Answered): JsonObject[] =>
  Array.isArray(items) ? items.filter(isJsonObject) : []

export const idsOf = (answered: Answered): unknown[] => itemsOf(answered).map(({ id }) => id)
