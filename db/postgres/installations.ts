/**
 * Slack workspaces and enterprises that installed the app. Tokens are kept in envelopes and opened by the caller's keyring.
 * Invariant: a workspace, and an enterprise as a whole, has one row for ever; installed again, it is the same installation
 * of the same organisation.
 */
import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Envelope } from '../../core/envelope.ts'
import { newId } from '../../core/ids.ts'
import { recordStep } from './onboarding-steps.ts'
import type { Queryable } from './open.ts'
import { slackInstallations } from './schema.ts'

/** Where the app is installed: a workspace, or, without a team, a whole enterprise. */
export interface Place {
  readonly teamId: string | null
  readonly enterpriseId: string | null
}

export interface Tokens {
  readonly botToken: Envelope
  /** Both null where Slack does not rotate. */
  readonly refreshToken: Envelope | null
  readonly tokenExpiresAt: Date | null
}

export interface Installation extends Place, Tokens {
  readonly id: string
  readonly orgId: string
  readonly teamName: string
  readonly botId: string
  readonly botUserId: string
  readonly installedBy: string | null
  readonly installedAt: Date
  /** Since when Slack refuses to renew the token; null while it does not. */
  readonly lapsedAt: Date | null
}

export type InstallationFacts = Omit<Installation, 'id' | 'installedAt' | 'lapsedAt'>

/** Saves an installation, or renews the one of the same place, whoever uninstalled it before; that keeps its organisation. */
export async function saveInstallation(
  tx: Queryable,
  facts: InstallationFacts,
  now: Date,
): Promise<Installation> {
  const { orgId: _kept, ...renewed } = facts
  const set = { ...renewed, installedAt: now, uninstalledAt: null, lapsedAt: null, lapsedWhy: null }
  const known = await lockInstallationAt(tx, facts)
  if (known) {
    const [row] = await tx
      .update(slackInstallations)
      .set(set)
      .where(eq(slackInstallations.id, known.id))
      .returning()
    if (row) return fromDbInstallation(row)
  }
  const [row] = await tx
    .insert(slackInstallations)
    .values({ ...facts, id: newId('ins', now), installedAt: now })
    .onConflictDoUpdate({ target: [slackInstallations.enterpriseId, slackInstallations.teamId], set })
    .returning()
  if (!row) throw new Error('saving a Slack installation returned no row')
  await recordStep(tx, { orgId: row.orgId, step: 'installed' }, now)
  return fromDbInstallation(row)
}

/**
 * The installation of exactly this place, uninstalled or not, locked. A workspace is known by its own id alone: it stays
 * the same when it moves into an enterprise.
 */
export async function lockInstallationAt(tx: Queryable, place: Place): Promise<Installation | null> {
  const rows = await tx.select().from(slackInstallations).where(at(place)).limit(1).for('no key update')
  return rows[0] ? fromDbInstallation(rows[0]) : null
}

/** The live installation that serves a workspace: its own, or that of its enterprise. */
export async function findInstallation(
  tx: Queryable,
  where: { readonly teamId: string | undefined; readonly enterpriseId: string | undefined },
): Promise<Installation | null> {
  const rows = await tx
    .select()
    .from(slackInstallations)
    .where(
      and(
        isNull(slackInstallations.uninstalledAt),
        sql`(${slackInstallations.teamId} = ${where.teamId ?? null}
          or (${slackInstallations.teamId} is null and ${slackInstallations.enterpriseId} = ${where.enterpriseId ?? null}))`,
      ),
    )
    .orderBy(sql`${slackInstallations.teamId} nulls last`)
    .limit(1)
  return rows[0] ? fromDbInstallation(rows[0]) : null
}

export async function readInstallation(tx: Queryable, id: string): Promise<Installation | null> {
  const rows = await tx.select().from(slackInstallations).where(liveOf(id))
  return rows[0] ? fromDbInstallation(rows[0]) : null
}

/** The same, with its row to oneself until the transaction ends: how one process at a time renews its token. */
export async function lockInstallation(tx: Queryable, id: string): Promise<Installation | null> {
  const rows = await tx.select().from(slackInstallations).where(liveOf(id)).for('no key update')
  return rows[0] ? fromDbInstallation(rows[0]) : null
}

export async function listInstallations(tx: Queryable): Promise<Installation[]> {
  const rows = await tx
    .select()
    .from(slackInstallations)
    .where(isNull(slackInstallations.uninstalledAt))
    .orderBy(asc(slackInstallations.installedAt), asc(slackInstallations.id))
  return rows.map(fromDbInstallation)
}

/** A renewed token also ends a lapse: what was thought lost was not. */
export async function saveTokens(tx: Queryable, id: string, tokens: Tokens): Promise<void> {
  await tx
    .update(slackInstallations)
    .set({ ...tokens, lapsedAt: null, lapsedWhy: null })
    .where(liveOf(id))
}

/** True for whoever notes it first. */
export async function markLapsed(
  tx: Queryable,
  { id, why }: { readonly id: string; readonly why: string },
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(slackInstallations)
    .set({ lapsedAt: now, lapsedWhy: why })
    .where(and(liveOf(id), isNull(slackInstallations.lapsedAt)))
    .returning({ id: slackInstallations.id })
  return rows.length === 1
}

/** Uninstalled or revoked: the tokens are destroyed, the row stays for the history that refers to it. */
export async function endInstallation(tx: Queryable, id: string, now: Date): Promise<void> {
  const erased: Envelope = { keyId: '', nonce: '', ciphertext: '' }
  await tx
    .update(slackInstallations)
    .set({ uninstalledAt: now, botToken: erased, refreshToken: null, tokenExpiresAt: null })
    .where(eq(slackInstallations.id, id))
}

const liveOf = (id: string): SQL | undefined =>
  and(eq(slackInstallations.id, id), isNull(slackInstallations.uninstalledAt))

function at({ teamId, enterpriseId }: Place): SQL | undefined {
  return teamId === null
    ? and(
        isNull(slackInstallations.teamId),
        enterpriseId === null
          ? isNull(slackInstallations.enterpriseId)
          : eq(slackInstallations.enterpriseId, enterpriseId),
      )
    : eq(slackInstallations.teamId, teamId)
}

function fromDbInstallation(row: typeof slackInstallations.$inferSelect): Installation {
  const { uninstalledAt: _uninstalledAt, lapsedWhy: _lapsedWhy, ...installation } = row
  return installation
}
