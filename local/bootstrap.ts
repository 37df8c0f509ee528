/** The first organisation, its first project and an API key for it: made once, found again at every later start. */
import { mintApiKey } from '../core/api-key.ts'
import { doesApiKeyWork } from '../core/api-key-life.ts'
import { findApiKey, saveApiKey } from '../db/postgres/api-keys.ts'
import type { Postgres } from '../db/postgres/open.ts'
import { ensureOrganisation, ensureProject } from '../db/postgres/projects.ts'
import { type LocalSecrets, saveSecrets } from './secrets.ts'

const ORGANISATION = 'My organisation'
const PROJECT = 'my-first-project'

export interface Bootstrapped {
  readonly orgId: string
  readonly projectName: string
  readonly apiKey: string
}

export async function bootstrap(
  postgres: Postgres,
  dir: string,
  secrets: LocalSecrets,
  now: Date,
): Promise<Bootstrapped> {
  const { tables } = postgres
  const { id: orgId } = await ensureOrganisation(tables, ORGANISATION, now)
  const known = secrets.apiKey === '' ? null : await findApiKey(tables, secrets.apiKey)
  if (known && doesApiKeyWork(known, now)) {
    return { orgId, projectName: known.projectName, apiKey: secrets.apiKey }
  }
  const project = await ensureProject(tables, { orgId, name: PROJECT }, now)
  const apiKey = await mintProjectKey(postgres, { orgId, projectId: project.id, name: 'first key' }, now)
  await saveSecrets(dir, { ...secrets, apiKey })
  return { orgId, projectName: project.name, apiKey }
}

/** A key with which an SDK sends events and reads verdicts, and does nothing else. */
export async function mintProjectKey(
  postgres: Postgres,
  of: {
    readonly orgId: string
    readonly projectId: string
    readonly name: string
    readonly requestsPerMinute?: number
  },
  now: Date,
): Promise<string> {
  const minted = mintApiKey()
  await saveApiKey(postgres.tables, { ...of, minted, scopes: ['ingest', 'verdicts', 'holds'] }, now)
  return minted.text
}
