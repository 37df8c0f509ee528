/** Ingest on a real Postgres with keys that manage; every answer is held against /openapi.json. */
import { expect } from 'vitest'
import { type ApiKeyScope, mintApiKey } from '../../core/api-key.ts'
import { isJsonObject, type JsonObject } from '../../core/event/field-reader.ts'
import { saveApiKey } from '../../db/postgres/api-keys.ts'
import { organisations, projects } from '../../db/postgres/schema.ts'
import { type Described, describedBy } from './described.ts'
import { type IngestGround, type IngestGroundOptions, layIngestGround } from './ingest-ground.ts'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: JsonObject
  readonly code: unknown
}

export interface KeyWish {
  readonly scopes: readonly ApiKeyScope[]
  readonly person?: string | null
  readonly orgId?: string
  readonly projectId?: string
}

export interface ManageGround extends IngestGround {
  readonly described: Described
  readonly makeKey: (wish: KeyWish) => Promise<string>
  /** Another project of an organisation, or the first of a new one. */
  readonly makeProject: (name: string, orgId?: string) => Promise<{ orgId: string; projectId: string }>
  readonly call: (
    key: string,
    method: string,
    url: string,
    sent?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answered>
}

export async function layManageGround(
  now: () => Date,
  options: Pick<IngestGroundOptions, 'clickhouseUrl'> = {},
): Promise<ManageGround> {
  const ground = await layIngestGround({ now, keys: { freshMs: 0 }, ...options })
  const { tables } = ground.postgres
  const described = describedBy(JSON.parse(await (await fetch(`${ground.url}/openapi.json`)).text()))
  return {
    ...ground,
    described,
    async makeKey({ scopes, person = null, orgId = ground.orgId, projectId = ground.project.id }) {
      const minted = mintApiKey()
      await saveApiKey(tables, { orgId, projectId, name: 'test', minted, scopes, person }, now())
      return minted.text
    },
    async makeProject(name, orgId) {
      const owner = orgId ?? `org_${name}`
      if (orgId === undefined)
        await tables.insert(organisations).values({ id: owner, name, createdAt: now() })
      const projectId = `prj_${name}`
      await tables.insert(projects).values({ id: projectId, orgId: owner, name, createdAt: now() })
      return { orgId: owner, projectId }
    },
    async call(key, method, url, sent, headers = {}) {
      const response = await fetch(`${ground.url}${url}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      })
      const { status } = response
      const [type, body] = [response.headers.get('content-type'), await response.text()]
      expect(described.problemsOf({ method, url, sent, status, type, body })).toEqual([])
      const read: unknown = body === '' ? {} : JSON.parse(body)
      const object = isJsonObject(read) ? read : {}
      const { error } = object
      return {
        status,
        headers: response.headers,
        body: object,
        code: isJsonObject(error) ? error.code : null,
      }
    },
  }
}
