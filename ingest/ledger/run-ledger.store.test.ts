import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { nanoUsd, usd } from '../../core/money.ts'
import { nextOffsetOf } from '../../db/postgres/journal-readers.ts'
import { countBatch } from '../../db/postgres/ledger.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { admissions, projectSpend } from '../../db/postgres/schema.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { type FreshDatabase, freshDatabase } from '../../test/stores/postgres.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { type Journal, openJournal } from '../journal/journal.ts'
import { type RunningLedger, runLedger } from './run-ledger.ts'

const NOON = new Date('2026-11-10T12:00:00Z')
const now = () => NOON
const silent = pino({ level: 'silent' })

let database: FreshDatabase
let ground: Ground
let folder: TemporaryFolder
let opened: Journal[]
let running: RunningLedger[]
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
  folder = await temporaryFolder()
  opened = []
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((ledger) => ledger.stop()))
  await Promise.all(opened.map((journal) => journal.close()))
  await folder.remove()
  await ground.postgres.close()
  await database.drop()
})

async function openIn(name: string): Promise<Journal> {
  const dir = `${folder.path}/${name}`
  const journal = await openJournal({
    dir,
    segmentBytesMax: 1024 ** 2,
    bytesMax: 64 * 1024 ** 2,
    log: silent,
  })
  opened.push(journal)
  return journal
}
interface Given {
  readonly postgres?: Postgres
  readonly eventsMax?: number
  readonly log?: typeof silent
  readonly onBehind?: (error: { code: string }) => void
}
function run(journal: Journal, given: Given = {}) {
  const { postgres = ground.postgres, eventsMax = 100, log = silent, onBehind = () => undefined } = given
  const ledger = runLedger({ journal, postgres, now, log, onBehind }, { gapMs: 5, eventsMax })
  running.push(ledger)
  return ledger
}
const caughtUp = (ledger: RunningLedger) =>
  expect.poll(() => ledger.status(), { timeout: 15_000 }).toMatchObject({ lagEvents: 0, lastError: null })
const eventOf = (requestId: string, cost = usd('0.01')): PricedEvent =>
  aPricedEvent({ orgId: ground.orgId, projectId: ground.project.id, requestId, cost, ts: NOON })
const eventsOf = (requestIds: readonly string[]) => requestIds.map((id) => eventOf(id))
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`)

async function counted() {
  const [row] = await ground.postgres.tables.select().from(projectSpend)
  const admitted = await ground.postgres.tables.select().from(admissions)
  return { events: row?.events ?? 0, spent: row?.spent ?? nanoUsd(0n), admitted: admitted.length }
}

describe('the running ledger', () => {
  it('counts what arrives, and what had arrived before it began', async () => {
    const journal = await openIn('j')
    await journal.append(eventsOf(['before-1', 'before-2']))
    const ledger = run(journal)
    await caughtUp(ledger)
    await journal.append(eventsOf(['after']))
    await caughtUp(ledger)
    expect(await counted()).toEqual({ events: 3, spent: usd('0.03'), admitted: 3 })
  })

  it('goes on where Postgres says, after any number of stops in the middle', async () => {
    const journal = await openIn('j')
    await journal.append(eventsOf(numbered(200)))
    while ((await nextOffsetOf(ground.postgres.tables, journal.journalId, 'ledger')) < 200) {
      const ledger = run(journal, { eventsMax: 7 })
      await new Promise((resolve) => setTimeout(resolve, 40))
      await ledger.stop()
    }
    expect(await counted()).toEqual({ events: 200, spent: usd('2'), admitted: 200 })
  })

  it('counts once what two replicas were sent, however their batches fall', async () => {
    const [one, other] = [await openIn('one'), await openIn('other')]
    const ids = numbered(400)
    const ledgers = [run(one, { eventsMax: 13 }), run(other, { eventsMax: 29 })]
    for (let from = 0; from < ids.length; from += 40) {
      const batch = ids.slice(from, from + 40)
      await Promise.all([one.append(eventsOf(batch)), other.append(eventsOf([...batch].reverse()))])
    }
    for (const ledger of ledgers) await caughtUp(ledger)
    expect(await counted()).toEqual({ events: 400, spent: usd('4'), admitted: 400 })
  })

  it('counts once what two readers of one journal read, and follows who is ahead', async () => {
    const journal = await openIn('j')
    const [leaver, stayer] = [run(journal, { eventsMax: 5 }), run(journal, { eventsMax: 7 })]
    await journal.append(eventsOf(numbered(500)))
    await expect.poll(async () => (await counted()).events, { interval: 5 }).toBeGreaterThan(50)
    await leaver.stop()
    await caughtUp(stayer)
    expect(await counted()).toEqual({ events: 500, spent: usd('5'), admitted: 500 })
  })

  it('waits while Postgres fails, says so once, and then counts everything', async () => {
    const journal = await openIn('j')
    let isDown = true
    const tables: Postgres['tables'] = Object.create(ground.postgres.tables)
    tables.transaction = (work) =>
      isDown ? Promise.reject(new Error('connection refused')) : ground.postgres.tables.transaction(work)
    const lines: string[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
    const ledger = run(journal, { postgres: { ...ground.postgres, tables }, log })
    await journal.append(eventsOf(['a', 'b']))
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(ledger.status()).toMatchObject({ nextOffset: 0, lagEvents: 2, lastError: 'connection refused' })
    expect(lines.length).toBe(1)
    isDown = false
    await caughtUp(ledger)
    expect(await counted()).toEqual({ events: 2, spent: usd('0.02'), admitted: 2 })
    expect(lines.length).toBe(2)
  })

  it('leaves out an event that Postgres can never hold, names it, and counts every other', async () => {
    const journal = await openIn('j')
    const lines: string[] = []
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
    const events = eventsOf(numbered(20))
    await journal.append([
      ...events.slice(0, 11),
      eventOf('too-dear', nanoUsd(2n ** 63n - 1n)),
      ...events.slice(11),
    ])
    const ledger = run(journal, { log })
    await caughtUp(ledger)
    expect(await counted()).toEqual({ events: 20, spent: usd('0.2'), admitted: 20 })
    expect(lines.some((line) => line.includes('too-dear'))).toBe(true)
    await journal.append(events.slice(0, 3))
    await caughtUp(ledger)
    expect(ledger.status().totals).toEqual({ admitted: 20, repeated: 3, leftOut: 1 })
  })
})

describe('a journal that is an older copy, opened while Postgres was away', () => {
  it('is given up as soon as Postgres says how far it was counted, so that nothing more is taken in vain', async () => {
    const journal = await openIn('restored')
    await countBatch(
      ground.postgres,
      { journalId: journal.journalId, fromOffset: 0, nextOffset: 7, events: [] },
      NOON,
    )
    await journal.append(eventsOf(['a']))
    const codes: string[] = []
    run(journal, { onBehind: ({ code }) => codes.push(code) })
    await expect.poll(() => codes).toContain('journal_offset_ahead')
  })
})
