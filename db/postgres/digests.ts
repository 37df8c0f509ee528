/** Which channels get a digest, and by what rule. One a channel; set again, it is the same one, and its days stay told. */
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Cadence, DigestRule, Weekday } from '../../core/digest/digest-slot.ts'
import { newId } from '../../core/ids.ts'
import { recordDeed } from './audit.ts'
import type { Postgres, Queryable } from './open.ts'
import { digests, projectSpend } from './schema.ts'

export interface DigestPlace {
  readonly orgId: string
  readonly installationId: string
  readonly channelId: string
}

export interface Digest extends DigestPlace {
  readonly id: string
  readonly rule: DigestRule
  readonly setBy: string
  readonly setAt: Date
  /** Why the channel could not be reached, once whoever set it was told. */
  readonly warnedOf: string | null
}

export function setDigest(
  postgres: Postgres,
  { place, rule, by }: { readonly place: DigestPlace; readonly rule: DigestRule; readonly by: string },
  now: Date,
): Promise<Digest> {
  return postgres.tables.transaction(async (tx) => {
    const before = await readDigest(tx, place)
    const set = { ...toDbRule(rule), setBy: by, setAt: now, endedAt: null, warnedOf: null }
    const [row] = await tx
      .insert(digests)
      .values({ ...place, ...set, id: newId('dig', now) })
      .onConflictDoUpdate({ target: [digests.installationId, digests.channelId], set })
      .returning()
    if (!row) throw new Error('setting a digest returned no row')
    const deed = {
      orgId: place.orgId,
      actor: by,
      action: 'digest.set',
      subject: row.id,
      origin: 'slack',
    } as const
    const after = { channel: place.channelId, ...toDbRule(rule) }
    await recordDeed(tx, before ? { ...deed, before: toDbRule(before.rule), after } : { ...deed, after }, now)
    return fromDb(row)
  })
}

/** False when the channel got none. */
export function endDigest(
  postgres: Postgres,
  { place, by }: { readonly place: DigestPlace; readonly by: string },
  now: Date,
): Promise<boolean> {
  return postgres.tables.transaction(async (tx) => {
    const [row] = await tx
      .update(digests)
      .set({ endedAt: now })
      .where(and(at(place), isNull(digests.endedAt)))
      .returning()
    if (!row) return false
    const before = { channel: place.channelId, ...toDbRule(fromDb(row).rule) }
    const deed = {
      orgId: place.orgId,
      actor: by,
      action: 'digest.end',
      subject: row.id,
      origin: 'slack',
    } as const
    await recordDeed(tx, { ...deed, before }, now)
    return true
  })
}

export async function readDigest(tx: Queryable, place: DigestPlace): Promise<Digest | null> {
  const [row] = await tx
    .select()
    .from(digests)
    .where(and(at(place), isNull(digests.endedAt)))
  return row ? fromDb(row) : null
}

/** Live ones, of one organisation or of all. */
export async function listDigests(tx: Queryable, orgId: string | null): Promise<Digest[]> {
  const rows = await tx
    .select()
    .from(digests)
    .where(and(isNull(digests.endedAt), orgId === null ? undefined : eq(digests.orgId, orgId)))
    .orderBy(asc(digests.id))
  return rows.map(fromDb)
}

export async function saveWarned(tx: Queryable, id: string, warnedOf: string | null): Promise<void> {
  await tx.update(digests).set({ warnedOf }).where(eq(digests.id, id))
}

/** Whether the organisation ever sent a call. */
export async function hasEverSpent(tx: Queryable, orgId: string): Promise<boolean> {
  const rows = await tx
    .select({ one: sql`1` })
    .from(projectSpend)
    .where(eq(projectSpend.orgId, orgId))
    .limit(1)
  return rows.length > 0
}

const at = ({ orgId, installationId, channelId }: DigestPlace) =>
  and(eq(digests.orgId, orgId), eq(digests.installationId, installationId), eq(digests.channelId, channelId))

const toDbRule = ({ cadence, hour, timeZone }: DigestRule) => ({
  weekday: cadence.kind === 'weekly' ? cadence.weekday : null,
  hour,
  timeZone,
})

export function fromDb(row: typeof digests.$inferSelect): Digest {
  const { id, orgId, installationId, channelId, weekday, hour, timeZone, setBy, setAt, warnedOf } = row
  const cadence: Cadence =
    weekday === null ? { kind: 'daily' } : { kind: 'weekly', weekday: readWeekday(weekday) }
  return {
    ...{ id, orgId, installationId, channelId, setBy, setAt, warnedOf },
    rule: { cadence, hour, timeZone },
  }
}

function readWeekday(value: number): Weekday {
  const found = ([1, 2, 3, 4, 5, 6, 7] as const).find((one) => one === value)
  if (found === undefined) throw new Error(`${value} is no day of the week`)
  return found
}
