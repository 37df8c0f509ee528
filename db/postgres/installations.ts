/** Slack workspaces that installed the app. Tokens are kept in envelopes and opened by the caller's keyring. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Envelope } from '../../core/envelope.ts'
import { newId } from '../../core/ids.ts'
import type { Queryable } from './open.ts'
import { slackInstallations } from './schema.ts'

export interface Installation {
  readonly id: string
  readonly orgId: string
  readonly teamId: string | null
  readonly enterpriseId: string | null
  readonly teamName: string
  readonly botId: string
  readonly botUserId: string
  readonly botToken: Envelope
}

export type InstallationFacts = Omit<Installation, 'id'>

/** Saves an installation, or renews the one of the same workspace, whoever uninstalled it before. */
export async function saveInstallation(
  tx: Queryable,
  facts: InstallationFacts,
  now: Date,
): Promise<Installation> {
  const [row] = await tx
    .insert(slackInstallations)
    .values({ ...facts, id: newId('ins', now), installedAt: now })
    .onConflictDoUpdate({
      target: [slackInstallations.enterpriseId, slackInstallations.teamId],
      set: { ...facts, installedAt: now, uninstalledAt: null },
    })
    .returning()
  if (!row) throw new Error('saving a Slack installation returned no row')
  return fromDbInstallation(row)
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
  const rows = await tx
    .select()
    .from(slackInstallations)
    .where(and(eq(slackInstallations.id, id), isNull(slackInstallations.uninstalledAt)))
  return rows[0] ? fromDbInstallation(rows[0]) : null
}

export async function listInstallations(tx: Queryable): Promise<Installation[]> {
  const rows = await tx.select().from(slackInstallations).where(isNull(slackInstallations.uninstalledAt))
  return rows.map(fromDbInstallation)
}

/** Uninstalled or revoked: the token is destroyed, the row stays for the history that refers to it. */
export async function endInstallation(tx: Queryable, id: string, now: Date): Promise<void> {
  const erased: Envelope = { keyId: '', nonce: '', ciphertext: '' }
  await tx
    .update(slackInstallations)
    .set({ uninstalledAt: now, botToken: erased })
    .where(eq(slackInstallations.id, id))
}

function fromDbInstallation(row: typeof slackInstallations.$inferSelect): Installation {
  const { id, orgId, teamId, enterpriseId, teamName, botId, botUserId, botToken } = row
  return { id, orgId, teamId, enterpriseId, teamName, botId, botUserId, botToken }
}
