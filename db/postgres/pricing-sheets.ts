/**
 * An organisation's own prices and names of models as one sheet, read and replaced as a whole.
 * Invariant: an entry that stands in both sheets stays the row it was: its id is the price version of calls that it
 * priced.
 */
import { and, asc, eq, isNull } from 'drizzle-orm'
import { canonicalJson } from '../../core/canonical-json.ts'
import { isJsonObject, type JsonObject } from '../../core/event/field-reader.ts'
import { newId } from '../../core/ids.ts'
import type { PricingSheet } from '../../core/pricing/parse-pricing-sheet.ts'
import { recordDeed } from './audit.ts'
import type { Postgres, Queryable } from './open.ts'
import { modelAliases, organisations, ownPrices } from './schema.ts'

export interface SheetChange {
  readonly added: PricingSheet
  readonly archived: PricingSheet
  readonly kept: number
}

export async function readPricingSheet(tx: Queryable, orgId: string): Promise<PricingSheet> {
  const { prices, aliases } = await readRows(tx, orgId)
  return { prices: prices.map(({ entry }) => entry), aliases: aliases.map(({ entry }) => entry) }
}

/** What replacing would change. */
export async function previewPricingSheet(
  tx: Queryable,
  orgId: string,
  sheet: PricingSheet,
): Promise<SheetChange> {
  return changeOf(planOf(await readRows(tx, orgId), sheet))
}

export function replacePricingSheet(
  postgres: Postgres,
  { orgId, sheet, by }: { readonly orgId: string; readonly sheet: PricingSheet; readonly by: string },
  now: Date,
): Promise<SheetChange> {
  return postgres.tables.transaction(async (tx) => {
    // Two sheets at the same time would each keep what the other archives.
    await tx.select().from(organisations).where(eq(organisations.id, orgId)).for('update')
    const plan = planOf(await readRows(tx, orgId), sheet)
    const change = changeOf(plan)
    const own = { orgId, createdBy: by, createdAt: now }
    for (const { id } of plan.prices.gone) await archive(tx, ownPrices, id, now)
    for (const { id } of plan.aliases.gone) await archive(tx, modelAliases, id, now)
    for (const price of plan.prices.added) {
      await tx.insert(ownPrices).values({ id: newId('prc', now), ...own, price })
    }
    for (const alias of plan.aliases.added) {
      await tx.insert(modelAliases).values({ id: newId('als', now), ...own, alias })
    }
    if (isChange(change)) {
      const before = { ...change.archived }
      const after = { ...change.added }
      await recordDeed(
        tx,
        { orgId, actor: by, action: 'own_pricing.replaced', subject: orgId, before, after, origin: 'cli' },
        now,
      )
    }
    return change
  })
}

export const isChange = ({ added, archived }: SheetChange): boolean =>
  [added, archived].some(({ prices, aliases }) => prices.length + aliases.length > 0)

interface Row {
  readonly id: string
  readonly entry: JsonObject
}
interface Rows {
  readonly prices: readonly Row[]
  readonly aliases: readonly Row[]
}
interface Plan {
  readonly gone: readonly Row[]
  readonly added: readonly JsonObject[]
  readonly kept: number
}

async function readRows(tx: Queryable, orgId: string): Promise<Rows> {
  const prices = await tx
    .select({ id: ownPrices.id, entry: ownPrices.price })
    .from(ownPrices)
    .where(and(eq(ownPrices.orgId, orgId), isNull(ownPrices.archivedAt)))
    .orderBy(asc(ownPrices.id))
  const aliases = await tx
    .select({ id: modelAliases.id, entry: modelAliases.alias })
    .from(modelAliases)
    .where(and(eq(modelAliases.orgId, orgId), isNull(modelAliases.archivedAt)))
    .orderBy(asc(modelAliases.id))
  return { prices: prices.map(rowOf), aliases: aliases.map(rowOf) }
}

/** What is no object cannot be read as a price either; it shows as an empty one, and goes with the next sheet. */
const rowOf = ({ id, entry }: { id: string; entry: unknown }): Row => ({
  id,
  entry: isJsonObject(entry) ? entry : {},
})

const planOf = (rows: Rows, sheet: PricingSheet) => ({
  prices: planFor(rows.prices, sheet.prices),
  aliases: planFor(rows.aliases, sheet.aliases),
})

function planFor(rows: readonly Row[], wanted: readonly JsonObject[]): Plan {
  const left = new Map(wanted.map((entry) => [canonicalJson(entry), entry]))
  const gone = rows.filter(({ entry }) => !left.delete(canonicalJson(entry)))
  return { gone, added: [...left.values()], kept: rows.length - gone.length }
}

function changeOf({ prices, aliases }: ReturnType<typeof planOf>): SheetChange {
  return {
    added: { prices: prices.added, aliases: aliases.added },
    archived: {
      prices: prices.gone.map(({ entry }) => entry),
      aliases: aliases.gone.map(({ entry }) => entry),
    },
    kept: prices.kept + aliases.kept,
  }
}

const archive = (tx: Queryable, table: typeof ownPrices | typeof modelAliases, id: string, now: Date) =>
  tx.update(table).set({ archivedAt: now }).where(eq(table.id, id))
