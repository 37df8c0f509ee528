/** API keys of projects: found by an indexed hash; the key itself is never kept. */
import { and, eq, isNull, lt, or } from 'drizzle-orm'
import { hashApiKey, type MintedApiKey } from '../../core/api-key.ts'
import type { Envelope } from '../../core/envelope.ts'
import { newId } from '../../core/ids.ts'
import { recordStep } from './onboarding-steps.ts'
import type { Queryable } from './open.ts'
import { apiKeys, projects } from './schema.ts'

export interface StoredApiKey {
  readonly id: string
  readonly orgId: string
  readonly projectId: string
  readonly projectName: string
  readonly scopes: readonly string[]
  /** Whose deeds those of the key are; null for one that does not manage. */
  readonly person: string | null
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  /** Null is the limit of the ingest that serves it. */
  readonly requestsPerMinute: number | null
  /** The project's policy as it is stored, and the sealed key of its hashes; null when it has none yet. */
  readonly redaction: unknown
  readonly redactionKey: Envelope | null
}

export async function saveApiKey(
  tx: Queryable,
  key: {
    readonly orgId: string
    readonly projectId: string
    readonly name: string
    readonly minted: MintedApiKey
    readonly scopes: readonly string[]
    readonly person?: string | null
    readonly createdBy?: string
    readonly expiresAt?: Date | null
    readonly requestsPerMinute?: number | null
  },
  now: Date,
): Promise<{ id: string }> {
  const { minted, scopes, ...rest } = key
  const { prefix, hash } = minted
  const id = newId('key', now)
  await tx.insert(apiKeys).values({ ...rest, id, prefix, hash, scopes: [...scopes], createdAt: now })
  await recordStep(tx, { orgId: key.orgId, step: 'key_made' }, now)
  return { id }
}

/** The key of this text, revoked and expired ones included (the caller says why it is refused), or null. */
export async function findApiKey(tx: Queryable, text: string): Promise<StoredApiKey | null> {
  const [row] = await tx
    .select({
      id: apiKeys.id,
      orgId: apiKeys.orgId,
      projectId: apiKeys.projectId,
      projectName: projects.name,
      scopes: apiKeys.scopes,
      person: apiKeys.person,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
      requestsPerMinute: apiKeys.requestsPerMinute,
      redaction: projects.redaction,
      redactionKey: projects.redactionKey,
    })
    .from(apiKeys)
    .innerJoin(projects, eq(projects.id, apiKeys.projectId))
    .where(and(eq(apiKeys.hash, hashApiKey(text)), isNull(projects.deletedAt)))
  return row ?? null
}

/** Notes that a key was used, at most once a minute, so that a hot key is no hot row. */
export async function touchApiKey(tx: Queryable, keyId: string, now: Date): Promise<void> {
  const minuteAgo = new Date(now.getTime() - 60_000)
  await tx
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, keyId), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, minuteAgo))))
}
