import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArchivedEvent } from '../../core/event/usage-event.ts'
import { nanoUsd } from '../../core/money.ts'
import { arbitraryArchivedEvent, arbitraryRow } from '../../test/events/archived-event.ts'
import { eventOfRow } from '../../test/events/event-of-row.ts'
import { seedEvents } from '../../test/events/seed-events.ts'
import { type FreshClickHouse, freshClickHouse } from '../../test/stores/clickhouse.ts'
import { encodeParquet } from '../archive/encode-parquet.ts'
import { placedRows } from '../event-rows/placed-rows.ts'
import { insertEvents } from './insert-events.ts'
import { type ClickHouse, openClickHouse } from './open.ts'
import { totals } from './queries/spend.ts'
import { countEvents, sumCost } from './reconcile.ts'

let fresh: FreshClickHouse
let clickhouse: ClickHouse

beforeEach(async () => {
  fresh = await freshClickHouse()
  clickhouse = openClickHouse(fresh.url)
})
afterEach(async () => {
  await clickhouse.close()
  await fresh.drop()
})

const everything = { from: new Date('2000-01-01T00:00:00Z'), until: new Date('2100-01-01T00:00:00Z') }
const ofOrg = { orgId: 'org_a', projectId: null, ...everything }

/** Random events of one organisation, a dollar each, in two months: a file that makes two parts. */
const someEvents = (count: number): ArchivedEvent[] =>
  fc.sample(arbitraryArchivedEvent, count).map((event, index) => ({
    ...event,
    orgId: 'org_a',
    projectId: `prj_${index % 2}`,
    ts: new Date(Date.UTC(2026, 10 + (index % 2), 7) + index),
    cost: nanoUsd(10n ** 9n),
  }))

const send = async (events: readonly ArchivedEvent[], deduplicationToken: string) =>
  await seedEvents(clickhouse, events, deduplicationToken)

describe('an archived event in ClickHouse', () => {
  it('is what went in, whatever its fields hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRow, { minLength: 1, maxLength: 20 }), async (some) => {
        const events = some.map((event, index) => ({ ...event, requestId: `${index}:${event.requestId}` }))
        await clickhouse.command({ query: 'TRUNCATE TABLE events' })
        await send(events, crypto.randomUUID())
        const result = await clickhouse.query({
          query: `SELECT * FROM events ORDER BY toUInt32(splitByChar(':', request_id)[1])`,
          format: 'JSONEachRow',
        })
        expect((await result.json<Record<string, unknown>>()).map(eventOfRow)).toEqual(events)
      }),
      { numRuns: 20 },
    )
  })
})

describe('inserting events', () => {
  it('counts a file once, however often it is sent', async () => {
    const events = someEvents(200)
    for (let sent = 0; sent < 3; sent++) await send(events, 'file-1')
    expect(await countEvents(clickhouse, ofOrg)).toBe(200)
    expect(await sumCost(clickhouse, ofOrg)).toBe(200n * 10n ** 9n)
  })

  it('counts a file once when others were inserted in between', async () => {
    const events = someEvents(50)
    await send(events, 'file-1')
    for (let other = 0; other < 30; other++) await send(someEvents(1), `other-${other}`)
    await send(events, 'file-1')
    expect(await countEvents(clickhouse, ofOrg)).toBe(80)
  })

  it('counts a file once when it is sent many times at once', async () => {
    const events = someEvents(50)
    await Promise.all(Array.from({ length: 8 }, () => send(events, 'file-1')))
    expect(await countEvents(clickhouse, ofOrg)).toBe(50)
  })

  it('counts equal events of two files twice: the token decides, not the content', async () => {
    const events = someEvents(50)
    await send(events, 'file-1')
    await send(events, 'file-2')
    expect(await countEvents(clickhouse, ofOrg)).toBe(100)
  })

  it('keeps a file of many wide events whole, so that a resend is cut no other way', async () => {
    const metadata = JSON.stringify({ text: 'x'.repeat(4_000) })
    const events = someEvents(1).flatMap((event) =>
      Array.from({ length: 70_000 }, (_, index) => ({ ...event, metadata, requestId: `r${index}` })),
    )
    const parquet = await encodeParquet(clickhouse, placedRows(events))
    for (let sent = 0; sent < 2; sent++) {
      await insertEvents(clickhouse, { parquet, deduplicationToken: 'large' })
    }
    expect(await countEvents(clickhouse, ofOrg)).toBe(70_000)
    const parts = await clickhouse.query({
      query: `SELECT count() AS parts FROM system.parts
        WHERE database = currentDatabase() AND table = 'events' AND level = 0`,
      format: 'JSONEachRow',
    })
    expect(await parts.json()).toEqual([{ parts: '1' }])
  })

  it('takes a file from before adjustments, of calls alone', async () => {
    const events = someEvents(4).map((event, index) => ({ ...event, cost: index === 0 ? null : event.cost }))
    await send(events, 'whole')
    const { stream } = await clickhouse.exec({
      query: `SELECT * EXCEPT (adjusts_request_id, calls, unpriced_calls) FROM events FORMAT Parquet`,
    })
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(Buffer.from(chunk))
    const parquet = Buffer.concat(chunks)
    await clickhouse.command({ query: 'TRUNCATE TABLE events' })
    await insertEvents(clickhouse, { parquet, deduplicationToken: 'old' })
    expect(await countEvents(clickhouse, ofOrg)).toBe(4)
    const of = { orgId: 'org_a', projectIds: null, ...everything }
    expect(await totals(clickhouse, of)).toMatchObject({ events: 4, unpricedEvents: 1 })
  })

  it('leaves nothing of a file that is broken', async () => {
    const parquet = (await encodeParquet(clickhouse, placedRows(someEvents(50)))).slice(0, -20)
    await expect(insertEvents(clickhouse, { parquet, deduplicationToken: 'broken' })).rejects.toThrow()
    expect(await countEvents(clickhouse, ofOrg)).toBe(0)
  })
})

describe('reconciling', () => {
  it('counts only the organisation, the project and the time asked for', async () => {
    const events = someEvents(20)
    await send(events, 'mine')
    await send(
      events.map((event) => ({ ...event, orgId: 'org_b' })),
      'of another',
    )
    expect(await countEvents(clickhouse, ofOrg)).toBe(20)
    expect(await countEvents(clickhouse, { ...ofOrg, projectId: 'prj_1' })).toBe(10)
    const [first] = [...events].sort((a, b) => a.ts.getTime() - b.ts.getTime())
    expect(await countEvents(clickhouse, { ...ofOrg, until: first?.ts ?? everything.until })).toBe(0)
  })
})
