/**
 * Opens the new period's rows and asks for its cards. Runs every hour, so that a missed turn of the month is made good
 * within one; nobody stays stopped meanwhile, since periods come from the clock.
 */
import { openCurrentPeriods } from '../db/postgres/budget-periods.ts'
import type { Job } from './job.ts'

const HOUR_MS = 3_600_000

export const periodRollover: Job = {
  name: 'period-rollover',
  schedule: '2 0 * * * *',
  slotMs: HOUR_MS,
  catchUpMs: HOUR_MS,
  run: async (_slot, { postgres, now }) => `${await openCurrentPeriods(postgres, now())} periods opened`,
}
