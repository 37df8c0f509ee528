import { asc } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { identityOf } from '../../core/event/identity.ts'
import type { EventSource, PricedEvent } from '../../core/event/usage-event.ts'
import { type NanoUsd, nanoUsd, usd } from '../../core/money.ts'
import { aPricedEvent } from '../../test/events/priced-event.ts'
import { type Ground, layGround } from '../../test/stores/ground.ts'
import { freshDatabase } from '../../test/stores/postgres.ts'
import { candidateOf } from './admit.ts'
import { finishArchive, nextOffsetOf, planArchive, readCounted } from './journal-readers.ts'
import { countBatch, type LedgerOutcome } from './ledger.ts'
import { admissions, alerts, budgetPeriods, projectSpend } from './schema.ts'

const NOON = new Date('2026-11-10T12:00:00Z')

let database: Awaited<ReturnType<typeof freshDatabase>>
let ground: Ground
beforeEach(async () => {
  database = await freshDatabase()
  ground = await layGround(database.url, NOON)
})
afterEach(async () => {
  await ground.postgres.close()
  await database.drop()
})

interface Call {
  readonly source?: EventSource
  readonly providerResponseId?: string
  readonly requestId: string
  readonly cost: NanoUsd | null
  readonly attempt?: number
  readonly ts?: Date
}
const eventOf = (call: Call): PricedEvent =>
  aPricedEvent({ orgId: ground.orgId, projectId: ground.project.id, ts: NOON, ...call })

/** Counts `calls` as the batch of a journal that begins at `fromOffset`. */
function count(journalId: string, fromOffset: number, calls: readonly Call[]): Promise<LedgerOutcome> {
  const events = calls.map((call, index) => ({
    offset: fromOffset + index,
    ...candidateOf(eventOf(call)),
  }))
  return countBatch(
    ground.postgres,
    { journalId, fromOffset, nextOffset: fromOffset + calls.length, events },
    NOON,
  )
}
const limitOf = (limit: string) => ground.setBudget(limit, NOON)

const identitiesOf = (calls: readonly Call[]): string[] =>
  calls.map((call) => identityOf(eventOf(call))).sort()

/** Every figure that the same events must lead to, however they came. */
async function totals() {
  const { tables } = ground.postgres
  const periods = await tables.select().from(budgetPeriods).orderBy(asc(budgetPeriods.from))
  const days = await tables.select().from(projectSpend).orderBy(asc(projectSpend.day))
  const seen = await tables.select().from(admissions)
  const said = await tables.select().from(alerts).orderBy(asc(alerts.percent))
  return {
    periods: periods.map(({ spent, events, unpricedEvents }) => ({ spent, events, unpricedEvents })),
    days: days.map(({ day, spent, events, unpricedEvents }) => ({ day, spent, events, unpricedEvents })),
    admitted: seen.map(({ identity }) => identity.replaceAll('-', '')).sort(),
    alerts: said.map(({ percent }) => percent),
  }
}

describe('the ledger', () => {
  it('counts a batch that is sent twice once, wherever the second lands', async () => {
    await limitOf('10')
    const calls = [
      { requestId: 'a', cost: usd('3') },
      { requestId: 'b', cost: null },
      { requestId: 'a', cost: usd('3'), attempt: 2 },
    ]
    await count('j1', 0, calls)
    const once = await totals()
    await expect(count('j1', 3, calls)).resolves.toMatchObject({ kind: 'counted', admitted: 0 })
    await expect(count('j2', 0, calls)).resolves.toMatchObject({ kind: 'counted', admitted: 0 })
    expect(await totals()).toEqual(once)
    expect(once).toEqual({
      periods: [{ spent: usd('6'), events: 3, unpricedEvents: 1 }],
      days: [{ day: '2026-11-10', spent: usd('6'), events: 3, unpricedEvents: 1 }],
      admitted: identitiesOf(calls),
      alerts: [50],
    })
  })

  it('takes the first of one identity inside a batch, and refuses no text that an event may hold', async () => {
    const odd = ['{}', 'a"b', 'c,d\\e', 'NULL', "o'clock", ' ', '🦆']
    const calls = odd.flatMap((requestId) => [
      { requestId, cost: usd('1') },
      { requestId, cost: usd('2') },
    ])
    await expect(count('j1', 0, calls)).resolves.toMatchObject({ admitted: odd.length })
    const counted = await readCounted(ground.postgres.tables, 'j1', { fromOffset: 0, nextOffset: 14 })
    expect(counted.admitted).toBe(odd.length)
    expect([...counted.notAdmitted].sort((a, b) => a - b)).toEqual([1, 3, 5, 7, 9, 11, 13])
    expect((await totals()).days[0]?.spent).toBe(usd('7'))
  })

  it('counts each event in the day and the month of its own time', async () => {
    await limitOf('10')
    await count('j1', 0, [
      { requestId: 'old', cost: usd('9'), ts: new Date('2026-10-31T23:59:59.999Z') },
      { requestId: 'new', cost: usd('1'), ts: new Date('2026-11-01T00:00:00.000Z') },
    ])
    const { periods, days } = await totals()
    expect(periods.map(({ spent }) => spent)).toEqual([usd('9'), usd('1')])
    expect(days.map(({ day }) => day)).toEqual(['2026-10-31', '2026-11-01'])
  })

  it('changes nothing when a batch is not where its journal goes on, and says where that is', async () => {
    await count('j1', 0, [{ requestId: 'a', cost: usd('1') }])
    const before = await totals()
    await expect(count('j1', 0, [{ requestId: 'z', cost: usd('1') }])).resolves.toEqual({
      kind: 'moved',
      nextOffset: 1,
    })
    await expect(count('j1', 5, [{ requestId: 'z', cost: usd('1') }])).resolves.toEqual({
      kind: 'moved',
      nextOffset: 1,
    })
    expect(await totals()).toEqual(before)
  })

  it('keeps nothing of a batch that fails, and counts it whole the next time', async () => {
    await limitOf('10')
    const before = await totals()
    const good = { requestId: 'good', cost: usd('6') }
    await expect(count('j1', 0, [good, { requestId: 'bad', cost: nanoUsd(2n ** 63n) }])).rejects.toThrow()
    expect(await totals()).toEqual(before)
    expect(await nextOffsetOf(ground.postgres.tables, 'j1', 'ledger')).toBe(0)
    await count('j1', 0, [good])
    expect((await totals()).alerts).toEqual([50])
  })
})

describe('a call that several sources report', () => {
  const cost = usd('1')
  const sdk = { requestId: 'mine', source: 'sdk', providerResponseId: 'resp_1', cost } as const
  const otlp = { requestId: 'resp_1', source: 'otlp', providerResponseId: 'resp_1', cost } as const
  const litellm = { requestId: 'gateway', source: 'litellm', providerResponseId: 'resp_1', cost } as const
  const spent = async () => (await totals()).days.map((day) => [day.spent, day.events])

  it('counts once, whichever comes first, in one batch or in several, however often', async () => {
    for (const order of [
      [sdk, otlp, litellm],
      [otlp, sdk],
      [litellm, otlp, sdk, sdk, otlp],
    ]) {
      for (const size of [1, order.length]) {
        const fresh = await freshDatabase()
        await ground.postgres.close()
        ground = await layGround(fresh.url, NOON)
        for (let at = 0; at < order.length; at += size) await count('j1', at, order.slice(at, at + size))
        expect(await spent()).toEqual([[cost, 1]])
        await fresh.drop()
      }
    }
  })

  it('counts once when two replicas hear of it at the same moment', async () => {
    const calls = Array.from({ length: 300 }, (_, index) => `resp_${index}`)
    const seenBy = (source: EventSource) =>
      calls.map((id) => ({ requestId: `${source}-${id}`, source, providerResponseId: id, cost }))
    await Promise.all([
      count('j1', 0, seenBy('sdk')),
      count('j2', 0, seenBy('otlp').reverse()),
      count('j3', 0, seenBy('litellm')),
    ])
    expect(await spent()).toEqual([[usd('300'), 300]])
  })

  it('is matched within its project only, and never by the lack of an id', async () => {
    const without = [
      { requestId: 'a', source: 'sdk', cost },
      { requestId: 'b', source: 'otlp', cost },
    ] as const
    await count('j1', 0, [sdk, ...without])
    const elsewhere = aPricedEvent({ ...eventOf(otlp), projectId: 'prj_other' })
    const batch = {
      journalId: 'j2',
      fromOffset: 0,
      nextOffset: 1,
      events: [{ offset: 0, ...candidateOf(elsewhere) }],
    }
    await expect(countBatch(ground.postgres, batch, NOON)).resolves.toMatchObject({ admitted: 1 })
    expect((await totals()).admitted.length).toBe(4)
  })

  it('stays several calls where one source names a response id again: a server may give all the same', async () => {
    await count('j1', 0, [sdk, { ...sdk, requestId: 'another' }])
    await count('j2', 0, [{ ...sdk, requestId: 'a third' }, otlp])
    expect(await spent()).toEqual([[usd('3'), 3]])
  })
})

describe('replicas that count at the same time', () => {
  it('count overlapping events once and never wait for each other in a circle', async () => {
    await limitOf('1000')
    // Large batches of the same events in opposite orders: what is not inserted in one order waits in a circle.
    const rounds = 4
    for (let round = 0; round < rounds; round++) {
      const calls = Array.from({ length: 2_000 }, (_, index) => ({
        requestId: `r${round}-${index}`,
        cost: usd('0.01'),
      }))
      const backwards = [...calls].reverse()
      const orders = [calls, backwards, [...calls.slice(900), ...calls.slice(0, 900)], backwards]
      await Promise.all(orders.map((order, replica) => count(`j${replica}`, round * calls.length, order)))
    }
    expect(await totals()).toMatchObject({
      periods: [{ spent: usd('80'), events: 8_000, unpricedEvents: 0 }],
      days: [{ spent: usd('80'), events: 8_000 }],
    })
  })

  it('count one budget that everybody spends from exactly, and announce each threshold once', async () => {
    await limitOf('4')
    const replica = async (journalId: string) => {
      for (let at = 0; at < 20; at++)
        await count(journalId, at, [{ requestId: `${journalId}-${at}`, cost: usd('0.05') }])
    }
    await Promise.all(['j1', 'j2', 'j3', 'j4', 'j5'].map(replica))
    expect(await totals()).toMatchObject({
      periods: [{ spent: usd('5'), events: 100 }],
      alerts: [50, 75, 90, 100],
    })
  })
})

describe('batching', () => {
  const call = fc.record({
    requestId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    attempt: fc.integer({ min: 1, max: 2 }),
  })
  /** The cost goes with the identity, as it does for one call that is sent again. */
  const costed = ({ requestId, attempt }: { requestId: string; attempt: number }): Call => ({
    requestId,
    attempt,
    cost: requestId === 'h' ? null : nanoUsd(BigInt(requestId.charCodeAt(0) * attempt) * 1_000_000n),
  })

  it('in any sizes leads to the same totals and the same alerts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 30 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        async (calls, sizes) => {
          const figures = []
          for (const cut of [() => 30, () => sizes.next().value ?? 1]) {
            const fresh = await freshDatabase()
            await ground.postgres.close()
            ground = await layGround(fresh.url, NOON)
            await limitOf('1')
            for (let from = 0; from < calls.length; ) {
              const batch = calls.slice(from, from + cut()).map(costed)
              await count('j1', from, batch)
              from += batch.length
            }
            const { admitted, ...sums } = await totals()
            figures.push({ ...sums, admitted: admitted.length })
            await fresh.drop()
          }
          expect(figures[0]).toEqual(figures[1])
        },
      ),
      { numRuns: 4 },
    )
  })
})

describe('the plan of the archive', () => {
  it('has the same bounds until it is finished, also when more was counted meanwhile', async () => {
    const { postgres } = ground
    await expect(planArchive(postgres, { journalId: 'j1', eventsMax: 10 }, NOON)).resolves.toBeNull()
    await count('j1', 0, [{ requestId: 'a', cost: null }])
    const plan = await planArchive(postgres, { journalId: 'j1', eventsMax: 10 }, NOON)
    expect(plan).toEqual({ fromOffset: 0, nextOffset: 1, isBegun: false })
    await count('j1', 1, [{ requestId: 'b', cost: null }])
    await expect(planArchive(postgres, { journalId: 'j1', eventsMax: 10 }, NOON)).resolves.toEqual({
      ...plan,
      isBegun: true,
    })
    if (plan) await finishArchive(postgres, 'j1', plan, NOON)
    await expect(planArchive(postgres, { journalId: 'j1', eventsMax: 10 }, NOON)).resolves.toEqual({
      fromOffset: 1,
      nextOffset: 2,
      isBegun: false,
    })
  })

  it('holds whole batches of the ledger, at least one, and no more events than asked for if it can', async () => {
    const { postgres } = ground
    for (const from of [0, 3, 6]) {
      const calls = [0, 1, 2].map((index) => ({ requestId: `r${from + index}`, cost: null }))
      await count('j1', from, calls)
    }
    const next = async (eventsMax: number) => {
      const plan = await planArchive(postgres, { journalId: 'j1', eventsMax }, NOON)
      if (plan) await finishArchive(postgres, 'j1', plan, NOON)
      return plan && [plan.fromOffset, plan.nextOffset]
    }
    expect([await next(2), await next(7), await next(7)]).toEqual([[0, 3], [3, 9], null])
  })

  it('knows of each batch what counts, and forgets that once it is archived', async () => {
    const { postgres } = ground
    await count('j1', 0, [{ requestId: 'a', cost: null }])
    await count('j1', 1, [
      { requestId: 'a', cost: null },
      { requestId: 'b', cost: null },
    ])
    const range = { fromOffset: 0, nextOffset: 3 }
    expect(await readCounted(postgres.tables, 'j1', range)).toEqual({
      admitted: 2,
      notAdmitted: new Set([1]),
    })
    await finishArchive(postgres, 'j1', range, NOON)
    expect(await readCounted(postgres.tables, 'j1', range)).toEqual({ admitted: 0, notAdmitted: new Set() })
  })
})
