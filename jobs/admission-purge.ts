/**
 * Forgets what no decision needs any more: admissions of events so old that ingest would reject a repeat, finished
 * slots, and ids of Slack events that are no longer repeated.
 */
import { purgeOutlived } from '../db/postgres/purge.ts'
import type { Job } from './job.ts'

const DAY_MS = 86_400_000

export const admissionPurge: Job = {
  name: 'admission-purge',
  schedule: '0 20 3 * * *',
  slotMs: DAY_MS,
  catchUpMs: DAY_MS,
  run: async (_slot, { postgres, now }) => `${await purgeOutlived(postgres, now())} rows forgotten`,
}
