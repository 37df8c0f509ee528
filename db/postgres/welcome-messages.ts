/**
 * The direct message to the installer: whom it is owed to, where it stands, and what it last showed.
 * Invariant: one an installation, for ever; installed again, nobody is welcomed again.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from './open.ts'
import { welcomeMessages } from './schema.ts'

export interface DueWelcome {
  readonly installationId: string
  readonly orgId: string
  readonly channelId: string | null
  readonly messageTs: string | null
  readonly proposedAt: Date | null
  /** What it shows once it is brought up to date. */
  readonly state: string
}

/** Notes a message for every live installation that was made by a person and has none. */
export async function oweWelcomes(tx: Queryable, now: Date): Promise<void> {
  await tx.execute(sql`
    insert into welcome_messages (installation_id, org_id, available_at)
    select id, org_id, ${now.toISOString()}::timestamptz from slack_installations
    where installed_by is not null and uninstalled_at is null
      and not exists (select from welcome_messages where installation_id = slack_installations.id)
    on conflict do nothing`)
}

/**
 * One message that does not show how far its organisation has come, locked; null when there is none. Steps are counted and
 * not compared by time: one may be committed after another that is later.
 */
export async function claimWelcome(tx: Queryable, now: Date, freshMs: number): Promise<DueWelcome | null> {
  const freshSince = new Date(now.getTime() - freshMs).toISOString()
  const state = sql`(select count(*) || case when bool_or(step = 'first_event' and at > ${freshSince}::timestamptz)
    then ' fresh' else '' end from onboarding_steps where org_id = welcome_messages.org_id)`
  const rows = await tx.execute<{
    installation_id: string
    org_id: string
    channel_id: string | null
    message_ts: string | null
    proposed_at: string | null
    state: string
  }>(sql`
    select installation_id, org_id, channel_id, message_ts, proposed_at, ${state} as state
    from welcome_messages
    where done_at is null and available_at <= ${now.toISOString()}::timestamptz
      and exists (select from slack_installations where id = installation_id and uninstalled_at is null)
      and shown is distinct from ${state}
    order by available_at limit 1 for update skip locked`)
  const [row] = rows
  if (row === undefined) return null
  return {
    installationId: row.installation_id,
    orgId: row.org_id,
    channelId: row.channel_id,
    messageTs: row.message_ts,
    proposedAt: row.proposed_at === null ? null : new Date(row.proposed_at),
    state: row.state,
  }
}

export async function saveWelcome(
  tx: Queryable,
  installationId: string,
  saved: {
    readonly shown: string
    readonly channelId: string | null
    readonly messageTs: string | null
    readonly proposedAt: Date | null
    readonly doneAt: Date | null
  },
): Promise<void> {
  await tx.update(welcomeMessages).set(saved).where(of(installationId))
}

export async function postponeWelcome(tx: Queryable, installationId: string, until: Date): Promise<void> {
  await tx.update(welcomeMessages).set({ availableAt: until }).where(of(installationId))
}

/** Slack will not take it, whatever is tried: it is not tried again. */
export async function giveUpWelcome(tx: Queryable, installationId: string, now: Date): Promise<void> {
  await tx.update(welcomeMessages).set({ doneAt: now }).where(of(installationId))
}

const of = (installationId: string) => and(eq(welcomeMessages.installationId, installationId))
