/** What tests of repricing start from: calls that are counted and archived, price books, and what each store says. */
import { pathToFileURL } from 'node:url'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import type { PriceBook } from '../../core/pricing/rates.ts'
import { writeRange } from '../../db/archive/write-range.ts'
import { type ClickHouse, openClickHouse } from '../../db/clickhouse/open.ts'
import { totals } from '../../db/clickhouse/queries/spend.ts'
import { placedRows } from '../../db/event-rows/placed-rows.ts'
import type { ObjectStore } from '../../db/objects/object-store.ts'
import { openObjects } from '../../db/objects/open-objects.ts'
import { candidateOf } from '../../db/postgres/admit.ts'
import { countBatch } from '../../db/postgres/ledger.ts'
import { readProjectSpend } from '../../db/postgres/project-spend.ts'
import { auditLog, pendingAdjustments, repricings } from '../../db/postgres/schema.ts'
import type { RepriceDeps } from '../../jobs/reprice/reprice.ts'
import { aPricedEvent } from '../events/priced-event.ts'
import { readParquetRows } from '../events/read-parquet.ts'
import { freshClickHouse } from '../stores/clickhouse.ts'
import { type Ground, layGround } from '../stores/ground.ts'
import { freshDatabase } from '../stores/postgres.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export const NOON = new Date('2026-11-10T12:00:00Z')
export const NOVEMBER = {
  from: new Date('2026-11-01T00:00:00Z'),
  until: new Date('2026-12-01T00:00:00Z'),
}

/** What all stores must say alike: nano-dollars, calls, and calls without a price. */
export type Sums = readonly [spent: bigint, calls: number, unpriced: number]

export interface RepriceGround extends Ground {
  readonly clickhouse: ClickHouse
  readonly objects: ObjectStore
  readonly urls: { readonly postgres: string; readonly clickhouse: string; readonly objects: string }
  readonly deps: (book: PriceBook) => RepriceDeps
  /** Counts the calls in the ledger and archives them; tokens of one million in unless told otherwise. */
  readonly report: (calls: readonly Partial<PricedEvent>[]) => Promise<void>
  readonly sums: () => Promise<Readonly<Record<'ledger' | 'clickhouse' | 'parquet', Sums>>>
  /** Adjustments that wait for the archive, and repricings that have not ended. */
  readonly unfinished: () => Promise<{ readonly pending: number; readonly repricings: number }>
  /** Of repricing, in the order of the alphabet. */
  readonly deeds: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

export async function layRepriceGround(): Promise<RepriceGround> {
  const [database, analytics] = await Promise.all([freshDatabase(), freshClickHouse()])
  const folder = await temporaryFolder()
  const ground = await layGround(database.url, NOON)
  const urls = {
    postgres: database.url,
    clickhouse: analytics.url,
    objects: pathToFileURL(`${folder.path}/objects`).href,
  }
  const clickhouse = openClickHouse(urls.clickhouse)
  const objects = openObjects(urls.objects)
  const { postgres, orgId, project } = ground
  let offset = 0
  return {
    ...ground,
    ...{ clickhouse, objects, urls },
    deps: (book) => ({ postgres, clickhouse, objects, book, now: () => NOON }),
    report: async (calls) => {
      const journalId = 'journal-of-calls'
      const events = calls.map((call, index) => {
        const tokens = { ...aPricedEvent().tokens, in: 1_000_000, out: 0 }
        const own = { orgId, projectId: project.id, requestId: `call-${offset + index}`, ts: NOON }
        return { ...aPricedEvent({ ...own, tokens, ...call }), journalId, journalOffset: offset + index }
      })
      const [fromOffset, nextOffset] = [offset, offset + calls.length]
      offset = nextOffset
      const counted = events.map((event) => ({ offset: event.journalOffset, ...candidateOf(event) }))
      await countBatch(postgres, { journalId, fromOffset, nextOffset, events: counted }, NOON)
      const range = { journalId, fromOffset, nextOffset, isBegun: false, rows: placedRows(events) }
      await writeRange({ clickhouse, objects }, range)
    },
    sums: async () => {
      const all = { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') }
      const ledger = await readProjectSpend(postgres.tables, { orgId, ...all })
      const held = await totals(clickhouse, { orgId, projectIds: null, ...all })
      return {
        ledger: [
          ledger.reduce((sum, { spent }) => sum + spent, 0n),
          ledger.reduce((sum, { events }) => sum + events, 0),
          ledger.reduce((sum, { unpricedEvents }) => sum + unpricedEvents, 0),
        ],
        clickhouse: [held.cost, held.events, held.unpricedEvents],
        parquet: await sumsOfParquet(objects),
      }
    },
    unfinished: async () => {
      const pending = await postgres.tables.select().from(pendingAdjustments)
      const open = await postgres.tables
        .select({ n: sql<number>`count(*)::int` })
        .from(repricings)
        .where(and(eq(repricings.orgId, orgId), isNull(repricings.finishedAt)))
      return {
        pending: pending.reduce((sum, { events }) => sum + events.length, 0),
        repricings: open[0]?.n ?? 0,
      }
    },
    deeds: async () => {
      const rows = await postgres.tables.select().from(auditLog).where(eq(auditLog.orgId, orgId))
      return rows
        .map(({ action }) => action)
        .filter((action) => /repric|lifted/.test(action))
        .sort()
    },
    close: async () => {
      await objects.close()
      await clickhouse.close()
      await postgres.close()
      await folder.remove()
      await analytics.drop()
      await database.drop()
    },
  }
}

async function sumsOfParquet(objects: ObjectStore): Promise<Sums> {
  const rows: Record<string, unknown>[] = []
  for await (const { key } of objects.list('raw/')) {
    const bytes = await objects.get(key)
    if (!bytes) throw new Error(`${key} is listed and not there`)
    rows.push(...(await readParquetRows(bytes)))
  }
  const total = (name: string) => rows.reduce((sum, row) => sum + BigInt(String(row[name] ?? 0)), 0n)
  return [total('cost_nano_usd'), Number(total('calls')), Number(total('unpriced_calls'))]
}
