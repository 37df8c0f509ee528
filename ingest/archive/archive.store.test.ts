import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { usd } from '../../core/money.ts'
import { parseArchiveKey } from '../../db/archive/archive-key.ts'
import { type ClickHouse, openClickHouse } from '../../db/clickhouse/open.ts'
import type { ObjectStore } from '../../db/objects/object-store.ts'
import { openObjects } from '../../db/objects/open-objects.ts'
import { candidateOf } from '../../db/postgres/admit.ts'
import { countBatch } from '../../db/postgres/ledger.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { eventOfRow } from '../../test/events/event-of-row.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { readParquetRows } from '../../test/events/read-parquet.ts'
import { journaledFrom } from '../../test/ingest/journaled.ts'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { type Journal, openJournal } from '../journal/journal.ts'
import { runLedger } from '../ledger/run-ledger.ts'
import { type ArchiveDeps, archiveNext } from './archive-next.ts'
import { runArchive } from './run-archive.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const now = () => NOON
const log = pino({ level: 'silent' })

let database: FreshDatabase
let clickHouseDatabase: FreshClickHouse
let folder: TemporaryFolder
let ground: Ground
let clickhouse: ClickHouse
let objects: ObjectStore
beforeAll(async () => {
  database = await freshDatabase()
  clickHouseDatabase = await freshClickHouse()
  folder = await temporaryFolder()
  ground = await layGround(database.url, NOON)
  clickhouse = openClickHouse(clickHouseDatabase.url)
  objects = openObjects(pathToFileURL(`${folder.path}/objects`).href)
})
afterAll(async () => {
  await objects.close()
  await clickhouse.close()
  await ground.postgres.close()
  await folder.remove()
  await clickHouseDatabase.drop()
  await database.drop()
})

let journals = 0
async function withJournal<T>(work: (journal: Journal) => Promise<T>): Promise<T> {
  journals += 1
  const dir = `${folder.path}/journal-${journals}`
  const journal = await openJournal({ dir, segmentBytesMax: 4096, bytesMax: 8 * 1024 ** 2, log })
  try {
    return await work(journal)
  } finally {
    await journal.close()
  }
}

/** Two projects, two days, an unknown price, and a call that was sent twice. */
function events(journal: Journal): PricedEvent[] {
  const requestIds = ['a', 'b', 'c', 'd', 'a', 'e']
  return requestIds.map((requestId, index) =>
    aPricedEvent({
      orgId: ground.orgId,
      projectId: index % 2 === 0 ? ground.project.id : 'prj_other',
      requestId: `${journal.journalId}-${requestId}`,
      ts: new Date(index < 2 ? '2026-11-09T23:59:59.999Z' : '2026-11-10T00:00:00Z'),
      cost: requestId === 'd' ? null : usd('0.25'),
    }),
  )
}
/** What the ledger said that it admitted of each journal. */
const admitted = new Map<string, number[]>()
async function journalAndCount(journal: Journal, taken: readonly PricedEvent[]): Promise<void> {
  const fromOffset = journal.endOffset()
  await journal.append(taken)
  const read = await journaledFrom(journal, fromOffset)
  const { journalId } = journal
  const events = read.map(({ offset, event }) => ({ offset, ...candidateOf(event) }))
  const batch = { journalId, fromOffset, nextOffset: journal.endOffset(), events }
  const outcome = await countBatch(ground.postgres, batch, NOON)
  if (outcome.kind !== 'counted') throw new Error('the ledger was further')
  const offsets = read.map(({ offset }) => offset).filter((offset) => !outcome.notAdmitted.includes(offset))
  admitted.set(journalId, [...(admitted.get(journalId) ?? []), ...offsets])
}

const inOrder = (held: readonly Record<string, unknown>[]) =>
  [...held].sort((a, b) => Number(a.journalOffset) - Number(b.journalOffset))

/** What each store holds of one journal, each read by other code than wrote it. */
async function held(journalId: string) {
  const answer = await clickhouse.query({
    query: 'SELECT * FROM events WHERE journal_id = {journalId:String}',
    query_params: { journalId },
    format: 'JSONEachRow',
  })
  const inClickHouse = (await answer.json<Record<string, unknown>>()).map(eventOfRow)
  const inParquet: Record<string, unknown>[] = []
  for await (const { key } of objects.list('raw/')) {
    const name = parseArchiveKey(key)
    if (name?.journalId !== journalId) continue
    const bytes = await objects.get(key)
    if (!bytes) throw new Error(`${key} is listed and not there`)
    const found = (await readParquetRows(bytes)).map(eventOfRow)
    for (const event of found) {
      expect([
        event.projectId,
        String(event.ts instanceof Date ? event.ts.toISOString() : '').slice(0, 10),
      ]).toEqual([name.projectId, name.day])
    }
    inParquet.push(...found)
  }
  return {
    ledger: admitted.get(journalId) ?? [],
    clickhouse: inOrder(inClickHouse),
    parquet: inOrder(inParquet),
  }
}
const offsetsOf = (held: readonly Record<string, unknown>[]) => held.map(({ journalOffset }) => journalOffset)

/** The deps, dying at the `fatal`th of the moments just before and just after each effect. */
function dyingAt(fatal: number, journal: Journal): ArchiveDeps & { readonly moments: () => number } {
  let moments = 0
  const moment = () => {
    moments += 1
    if (moments - 1 === fatal) throw new Error('power cut')
  }
  const around = async <T>(effect: () => Promise<T>): Promise<T> => {
    moment()
    const result = await effect()
    moment()
    return result
  }
  const dyingClickHouse: ClickHouse = Object.create(clickhouse)
  dyingClickHouse.exec = (params) => around(() => clickhouse.exec(params))
  const tables: Postgres['tables'] = Object.create(ground.postgres.tables)
  tables.transaction = (work) => around(() => ground.postgres.tables.transaction(work))
  return {
    journal: {
      journalId: journal.journalId,
      endOffset: () => journal.endOffset(),
      releaseBefore: (offset) => journal.releaseBefore(offset),
      read: (...given) => around(() => journal.read(...given)),
    },
    postgres: { ...ground.postgres, tables },
    clickhouse: dyingClickHouse,
    objects: { put: (key, bytes) => around(() => objects.put(key, bytes)) },
    now,
    log,
    moments: () => moments,
  }
}
const NEVER = -1

describe('the archive', () => {
  it('holds in ClickHouse and in Parquet exactly what the ledger admitted, field by field', async () => {
    await withJournal(async (journal) => {
      const taken = events(journal)
      await journalAndCount(journal, taken)
      await archiveNext(dyingAt(NEVER, journal), 100)
      const stores = await held(journal.journalId)
      expect(stores.ledger).toEqual([0, 1, 2, 3, 5])
      const expected = stores.ledger.map((offset) => ({
        ...taken[offset],
        journalId: journal.journalId,
        journalOffset: offset,
      }))
      expect(stores.parquet).toEqual(expected)
      expect(stores.clickhouse.map((event) => ({ ...event, tags: {} }))).toEqual(expected)
    })
  })

  it('is the same after a crash at any moment, however often it is begun again', async () => {
    const lastMoment = await withJournal(async (journal) => {
      await journalAndCount(journal, events(journal))
      const deps = dyingAt(NEVER, journal)
      await archiveNext(deps, 100)
      return deps.moments() - 1
    })
    // Two transactions, one reading, and an object and an insert for each of the four groups.
    expect(lastMoment).toBeGreaterThanOrEqual(2 * (2 + 1 + 4 + 4) - 1)
    for (let fatal = 0; fatal <= lastMoment; fatal++) {
      await withJournal(async (journal) => {
        await journalAndCount(journal, events(journal))
        await expect(archiveNext(dyingAt(fatal, journal), 100)).rejects.toThrow('power cut')
        // More is counted before the next start: it must not move the bounds of what was begun.
        await journalAndCount(journal, [
          { ...aPricedEvent(), ...events(journal)[0], requestId: `late-${journal.journalId}` },
        ])
        while (await archiveNext(dyingAt(NEVER, journal), 100));
        const { ledger, clickhouse: rows, parquet } = await held(journal.journalId)
        expect(ledger).toEqual([0, 1, 2, 3, 5, 6])
        expect([fatal, offsetsOf(rows)]).toEqual([fatal, ledger])
        expect([fatal, offsetsOf(parquet)]).toEqual([fatal, ledger])
      })
    }
  }, 120_000)

  it('inserts nothing twice when ClickHouse has forgotten, over other inserts, what was begun', async () => {
    const window = (size: number) =>
      clickhouse.command({
        query: `ALTER TABLE events MODIFY SETTING non_replicated_deduplication_window = ${size}`,
      })
    await window(1)
    try {
      await withJournal(async (journal) => {
        await journalAndCount(journal, events(journal))
        // Dies where everything is written and nothing is marked so.
        const deps = dyingAt(NEVER, journal)
        const finishing: Postgres['tables'] = Object.create(deps.postgres.tables)
        let transactions = 0
        finishing.transaction = (work) => {
          transactions += 1
          return transactions === 2
            ? Promise.reject(new Error('power cut'))
            : ground.postgres.tables.transaction(work)
        }
        const dying = { ...deps, postgres: { ...ground.postgres, tables: finishing } }
        await expect(archiveNext(dying, 100)).rejects.toThrow('power cut')
        await withJournal(async (other) => {
          await journalAndCount(other, events(other))
          await archiveNext(dyingAt(NEVER, other), 100)
        })
        await archiveNext(dyingAt(NEVER, journal), 100)
        const { ledger, clickhouse: rows } = await held(journal.journalId)
        expect(offsetsOf(rows)).toEqual(ledger)
      })
    } finally {
      await window(10_000)
    }
  })

  it('gives the journal back what every reader has passed, and follows the ledger by itself', async () => {
    await withJournal(async (journal) => {
      const { postgres } = ground
      const ledger = runLedger({ journal, postgres, now, log, onBehind: () => undefined }, { gapMs: 5 })
      const counted = () => ledger.status().nextOffset
      const deps = { journal, postgres, clickhouse, objects, counted, now, log }
      const archive = runArchive(deps, { cadenceMs: 20, eventsMax: 7 })
      const many = Array.from({ length: 40 }, (_, index) =>
        aPricedEvent({
          orgId: ground.orgId,
          projectId: ground.project.id,
          requestId: `${journal.journalId}-${index}`,
          ts: NOON,
        }),
      )
      for (let from = 0; from < many.length; from += 8) await journal.append(many.slice(from, from + 8))
      await expect
        .poll(() => archive.status(), { timeout: 15_000 })
        .toMatchObject({ lagEvents: 0, lastError: null })
      await expect.poll(() => journal.startOffset(), { timeout: 5_000 }).toBeGreaterThan(0)
      await archive.stop()
      await ledger.stop()
      const { clickhouse: rows, parquet } = await held(journal.journalId)
      expect([rows.length, parquet.length]).toEqual([40, 40])
    })
  })

  it('says how many counted events the journal lost before they were archived, and archives the rest', async () => {
    const dir = `${folder.path}/rotting`
    const options = { dir, segmentBytesMax: 1024 ** 2, bytesMax: 8 * 1024 ** 2, log }
    const whole = await openJournal(options)
    const taken = events(whole)
    for (const [index, event] of taken.entries())
      await journalAndCount(whole, [{ ...event, requestId: `rot-${index}` }])
    await whole.close()
    const segment = `${dir}/0000000000000000.journal`
    const bytes = await readFile(segment)
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
    await writeFile(segment, bytes)
    const rotten = await openJournal(options)
    const deps = { journal: rotten, postgres: ground.postgres, clickhouse, objects, now, log }
    const archive = runArchive({ ...deps, counted: () => taken.length }, { cadenceMs: 20 })
    await expect
      .poll(() => archive.status(), { timeout: 10_000 })
      .toMatchObject({
        ...{ lagEvents: 0, lastError: null },
        totals: { archived: taken.length - 1, missing: 1 },
      })
    await archive.stop()
    await rotten.close()
  })

  it('waits for a store that is down, and says so', async () => {
    await withJournal(async (journal) => {
      await journalAndCount(journal, events(journal))
      let isDown = true
      const put: ObjectStore['put'] = (key, bytes) =>
        isDown ? Promise.reject(new Error('no such bucket')) : objects.put(key, bytes)
      const deps = {
        journal,
        postgres: ground.postgres,
        clickhouse,
        objects: { put },
        counted: () => 6,
        now,
        log,
      }
      const archive = runArchive(deps, { cadenceMs: 20 })
      await expect.poll(() => archive.status().lastError).toContain('no such bucket')
      expect(archive.status().lagEvents).toBe(6)
      isDown = false
      await expect
        .poll(() => archive.status(), { timeout: 10_000 })
        .toMatchObject({ lagEvents: 0, lastError: null })
      await archive.stop()
      expect((await held(journal.journalId)).clickhouse.length).toBe(5)
    })
  })
})
