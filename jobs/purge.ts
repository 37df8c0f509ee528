/**
 * Forgets what no decision and no reader needs any more: admissions of events so old that ingest would reject a
 * repeat, finished slots, ids of Slack events that are no longer repeated, and rollups that were replaced.
 */
import { sweepGenerations } from '../db/clickhouse/rollup.ts'
import { purgeOutlived } from '../db/postgres/purge.ts'
import type { Job } from './job.ts'

const DAY_MS = 86_400_000

export const purge: Job = {
  name: 'purge',
  schedule: '0 20 3 * * *',
  slotMs: DAY_MS,
  catchUpMs: DAY_MS,
  run: async (_slot, { postgres, clickhouse, now }) => {
    const rows = await purgeOutlived(postgres, now())
    await sweepGenerations(clickhouse)
    return `${rows} rows forgotten`
  },
}
