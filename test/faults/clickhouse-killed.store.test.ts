/** ClickHouse is killed without warning between an insert and its resend. */
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nanoUsd } from '../../core/money.ts'
import { migrateClickHouse } from '../../db/clickhouse/migrate.ts'
import { type ClickHouse, openClickHouse } from '../../db/clickhouse/open.ts'
import { countEvents, sumCost } from '../../db/clickhouse/reconcile.ts'
import { startClickHouse } from '../../local/stores/embedded-clickhouse.ts'
import type { RunningStore } from '../../local/stores/running-store.ts'
import { arbitraryArchivedEvent } from '../events/archived-event.ts'
import { seedEvents } from '../events/seed-events.ts'
import { untilEnded } from '../stores/process-state.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const all = {
  orgId: 'org_a',
  projectId: null,
  from: new Date('2026-01-01T00:00:00Z'),
  until: new Date('2027-01-01T00:00:00Z'),
}
const events = fc.sample(arbitraryArchivedEvent, 500).map((event, index) => ({
  ...event,
  orgId: 'org_a',
  ts: new Date(Date.UTC(2026, 10, 7) + index),
  cost: nanoUsd(3n),
}))

it('keeps what ClickHouse answered for through a kill, and counts the resend after it once', async () => {
  const folder = await temporaryFolder()
  const running: RunningStore[] = []
  const withClickHouse = async (work: (clickhouse: ClickHouse) => Promise<void>): Promise<RunningStore> => {
    const store = await startClickHouse({ dataDir: join(folder.path, 'clickhouse'), log: () => {} })
    running.push(store)
    await migrateClickHouse(store.url)
    const clickhouse = openClickHouse(store.url)
    await work(clickhouse)
    await clickhouse.close()
    return store
  }
  try {
    const killed = await withClickHouse(async (clickhouse) => await seedEvents(clickhouse, events, 'file-1'))
    process.kill(killed.pid, 'SIGKILL')
    expect(await untilEnded(killed.pid, 10_000)).toBe('ended')
    await withClickHouse(async (clickhouse) => {
      expect(await countEvents(clickhouse, all)).toBe(500)
      await seedEvents(clickhouse, events, 'file-1')
      expect(await countEvents(clickhouse, all)).toBe(500)
      expect(await sumCost(clickhouse, all)).toBe(1_500n)
    })
  } finally {
    for (const store of running) await store.stop()
    await folder.remove()
  }
}, 90_000)
