/**
 * What people do with API keys: make, rotate, revoke, look through them. Each change is one transaction with its row in
 * the audit trail, which names the key by its prefix.
 * Invariant: a key's text leaves this file once, in the answer that made it.
 */
import { and, asc, eq, getTableColumns, isNull, or, type SQL } from 'drizzle-orm'
import { type ApiKeyScope, mintApiKey } from '../../core/api-key.ts'
import { type ApiKeyLife, rotateApiKey as decideRotation } from '../../core/api-key-life.ts'
import { saveApiKey } from './api-keys.ts'
import { type Deed, recordDeed } from './audit.ts'
import type { Postgres, Queryable } from './open.ts'
import { apiKeys, projects } from './schema.ts'

export interface ListedApiKey extends ApiKeyLife {
  readonly id: string
  readonly orgId: string
  readonly projectId: string
  readonly projectName: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly person: string | null
  readonly requestsPerMinute: number | null
  readonly createdBy: string
  readonly lastUsedAt: Date | null
}

export interface MadeApiKey {
  readonly id: string
  readonly prefix: string
  /** The whole key, to be shown once. */
  readonly text: string
  readonly expiresAt: Date | null
}

/** Keys of live projects, by project and age, ended ones included. */
export function listApiKeys(
  tx: Queryable,
  of: { readonly orgId?: string; readonly projectId?: string } = {},
): Promise<ListedApiKey[]> {
  const { orgId, projectId } = of
  return select(
    tx,
    and(
      orgId === undefined ? undefined : eq(apiKeys.orgId, orgId),
      projectId === undefined ? undefined : eq(apiKeys.projectId, projectId),
    ),
  )
}

/** The keys of that id or prefix: more than one if chance made two prefixes alike. */
export const findApiKeysNamed = (tx: Queryable, name: string): Promise<ListedApiKey[]> =>
  select(tx, or(eq(apiKeys.id, name), eq(apiKeys.prefix, name)))

function select(tx: Queryable, which: SQL | undefined): Promise<ListedApiKey[]> {
  const { hash: _, ...columns } = getTableColumns(apiKeys)
  return tx
    .select({ ...columns, projectName: projects.name })
    .from(apiKeys)
    .innerJoin(projects, eq(projects.id, apiKeys.projectId))
    .where(and(isNull(projects.deletedAt), which))
    .orderBy(asc(apiKeys.orgId), asc(projects.name), asc(apiKeys.createdAt), asc(apiKeys.id))
}

export interface NewApiKey {
  readonly orgId: string
  readonly projectId: string
  readonly name: string
  readonly scopes: readonly ApiKeyScope[]
  /** Whom a key of scope `manage` acts as. */
  readonly person: string | null
  readonly expiresAt: Date | null
  readonly requestsPerMinute: number | null
  readonly by: string
  /** From where; the command line where nothing is said. */
  readonly origin?: Deed['origin']
}

export const createApiKey = (postgres: Postgres, key: NewApiKey, now: Date): Promise<MadeApiKey> =>
  postgres.tables.transaction((tx) => createApiKeyIn(tx, key, now))

/** The same, in the transaction of what the key is for. */
export const createApiKeyIn = (tx: Queryable, key: NewApiKey, now: Date): Promise<MadeApiKey> =>
  make(tx, { ...key, action: 'api_key.created' }, now)

export type KeyRotated =
  | { readonly kind: 'rotated'; readonly made: MadeApiKey; readonly oldExpiresAt: Date }
  | { readonly kind: 'refused'; readonly why: 'unknown' | 'replaced' | 'expired' | 'revoked' }

/** Makes the key that follows this one, alike in all but its secret; this one works until the overlap ends. */
export function rotateApiKey(
  postgres: Postgres,
  rotation: { readonly keyId: string; readonly overlapMs: number; readonly by: string },
  now: Date,
): Promise<KeyRotated> {
  const { keyId, overlapMs, by } = rotation
  return postgres.tables.transaction(async (tx): Promise<KeyRotated> => {
    const key = await lock(tx, keyId)
    if (key === null) return { kind: 'refused', why: 'unknown' }
    const decided = decideRotation(key, { now, overlapMs })
    if (decided.kind === 'refused') return decided
    const { orgId, projectId, name, scopes, person, requestsPerMinute } = key
    const successor = { orgId, projectId, name, scopes, person, requestsPerMinute }
    const expiresAt = decided.newExpiresAt
    const made = await make(
      tx,
      { ...successor, expiresAt, by, action: 'api_key.created', follows: key.prefix },
      now,
    )
    const ends = { expiresAt: decided.oldExpiresAt, replacedBy: made.id }
    await tx.update(apiKeys).set(ends).where(eq(apiKeys.id, keyId))
    const before = { prefix: key.prefix, expires_at: key.expiresAt }
    const after = { expires_at: decided.oldExpiresAt, replaced_by: made.prefix }
    await recordDeed(
      tx,
      { orgId, actor: by, action: 'api_key.rotated', subject: keyId, before, after, origin: 'cli' },
      now,
    )
    return { kind: 'rotated', made, oldExpiresAt: decided.oldExpiresAt }
  })
}

export type KeyRevoked =
  | { readonly kind: 'revoked' }
  /** By an earlier call: nothing was changed. */
  | { readonly kind: 'already'; readonly at: Date }
  | { readonly kind: 'refused'; readonly why: 'unknown' }

/** Ends the key for good, now. Said again, nothing changes. */
export function revokeApiKey(
  postgres: Postgres,
  {
    keyId,
    by,
    origin = 'cli',
  }: { readonly keyId: string; readonly by: string; readonly origin?: Deed['origin'] },
  now: Date,
): Promise<KeyRevoked> {
  return postgres.tables.transaction(async (tx): Promise<KeyRevoked> => {
    const key = await lock(tx, keyId)
    if (key === null) return { kind: 'refused', why: 'unknown' }
    if (key.revokedAt !== null) return { kind: 'already', at: key.revokedAt }
    await tx.update(apiKeys).set({ revokedAt: now }).where(eq(apiKeys.id, keyId))
    const before = { prefix: key.prefix, last_used_at: key.lastUsedAt }
    await recordDeed(
      tx,
      { orgId: key.orgId, actor: by, action: 'api_key.revoked', subject: keyId, before, origin },
      now,
    )
    return { kind: 'revoked' }
  })
}

async function lock(tx: Queryable, keyId: string) {
  const [key] = await tx.select().from(apiKeys).where(eq(apiKeys.id, keyId)).for('update')
  return key ?? null
}

interface Making extends Omit<NewApiKey, 'scopes'> {
  readonly scopes: readonly string[]
  readonly action: string
  readonly follows?: string
}

async function make(tx: Queryable, making: Making, now: Date): Promise<MadeApiKey> {
  const { by, action, follows, origin = 'cli', ...key } = making
  const minted = mintApiKey()
  const { id } = await saveApiKey(tx, { ...key, minted, createdBy: by }, now)
  const { orgId, projectId, name, scopes, person, expiresAt, requestsPerMinute } = key
  const after = {
    ...{ prefix: minted.prefix, project_id: projectId, name, scopes },
    ...{ expires_at: expiresAt, requests_per_minute: requestsPerMinute },
    ...(person === null ? {} : { person }),
    ...(follows === undefined ? {} : { follows }),
  }
  await recordDeed(tx, { orgId, actor: by, action, subject: id, after, origin }, now)
  return { id, prefix: minted.prefix, text: minted.text, expiresAt }
}
