/** An organisation's own prices and names of models, as they were written; core/pricing parses them. */
import { and, asc, eq, isNull } from 'drizzle-orm'
import type { JsonObject } from '../../core/event/field-reader.ts'
import { newId } from '../../core/ids.ts'
import type { OwnPricing } from '../../core/pricing/own-prices.ts'
import { parseModelAlias, parseOwnPrice } from '../../core/pricing/parse-own-pricing.ts'
import { recordDeed } from './audit.ts'
import type { Postgres, Queryable } from './open.ts'
import { modelAliases, ownPrices } from './schema.ts'

export interface StoredPricing extends OwnPricing {
  /** Names exactly what was read: the same text is the same pricing. */
  readonly ids: string
  /** What could not be read, each by its id; the rest holds. */
  readonly problems: readonly string[]
}

export async function readOwnPricing(tx: Queryable, orgId: string): Promise<StoredPricing> {
  const problems: string[] = []
  const taken = <T>(
    id: string,
    parsed:
      | { readonly kind: 'parsed'; readonly value: T }
      | { readonly kind: 'bad'; readonly problems: readonly string[] },
  ): T[] => {
    if (parsed.kind === 'parsed') return [parsed.value]
    problems.push(`${id}: ${parsed.problems.join('; ')}`)
    return []
  }
  const prices = await tx
    .select()
    .from(ownPrices)
    .where(and(eq(ownPrices.orgId, orgId), isNull(ownPrices.archivedAt)))
    .orderBy(asc(ownPrices.id))
  const aliases = await tx
    .select()
    .from(modelAliases)
    .where(and(eq(modelAliases.orgId, orgId), isNull(modelAliases.archivedAt)))
    .orderBy(asc(modelAliases.id))
  return {
    ids: [...prices, ...aliases].map(({ id }) => id).join(),
    prices: prices.flatMap(({ id, price }) => taken(id, parseOwnPrice(id, price))),
    aliases: aliases.flatMap(({ id, alias }) => taken(id, parseModelAlias(alias))),
    problems,
  }
}

export interface PricingDeed {
  readonly orgId: string
  readonly by: string
}

/** Keeps a price that parses; returns its id. */
export function addOwnPrice(
  postgres: Postgres,
  { orgId, by, price }: PricingDeed & { readonly price: JsonObject },
  now: Date,
): Promise<string> {
  return postgres.tables.transaction(async (tx) => {
    const id = newId('prc', now)
    await tx.insert(ownPrices).values({ id, orgId, price, createdBy: by, createdAt: now })
    await record(tx, { orgId, by, action: 'own_price.added', subject: id, after: price }, now)
    return id
  })
}

/** Keeps a name that parses; returns its id. */
export function addModelAlias(
  postgres: Postgres,
  { orgId, by, alias }: PricingDeed & { readonly alias: JsonObject },
  now: Date,
): Promise<string> {
  return postgres.tables.transaction(async (tx) => {
    const id = newId('als', now)
    await tx.insert(modelAliases).values({ id, orgId, alias, createdBy: by, createdAt: now })
    await record(tx, { orgId, by, action: 'model_alias.added', subject: id, after: alias }, now)
    return id
  })
}

/** Ends a price or a name for calls priced from now on; false when the organisation has none of that id. */
export function archiveOwnPricing(
  postgres: Postgres,
  { orgId, by, id }: PricingDeed & { readonly id: string },
  now: Date,
): Promise<boolean> {
  return postgres.tables.transaction(async (tx) => {
    for (const table of [ownPrices, modelAliases]) {
      const gone = await tx
        .update(table)
        .set({ archivedAt: now })
        .where(and(eq(table.orgId, orgId), eq(table.id, id), isNull(table.archivedAt)))
        .returning({ id: table.id })
      if (gone.length === 0) continue
      await record(tx, { orgId, by, action: 'own_pricing.archived', subject: id }, now)
      return true
    }
    return false
  })
}

const record = (
  tx: Queryable,
  { by, ...deed }: PricingDeed & { action: string; subject: string; after?: JsonObject },
  now: Date,
) => recordDeed(tx, { ...deed, actor: by, origin: 'cli' }, now)
