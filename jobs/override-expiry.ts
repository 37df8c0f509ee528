/**
 * Tells when an override's window is over, in the place where it was granted. The stop itself does not wait for this:
 * verdicts derive it from the clock.
 */
import { expireOverrides } from '../db/postgres/overrides.ts'
import type { Job } from './job.ts'

export const overrideExpiry: Job = {
  name: 'override-expiry',
  schedule: '*/10 * * * * *',
  slotMs: 10_000,
  catchUpMs: 0,
  run: async (_slot, { postgres, now }) => `${await expireOverrides(postgres, now())} overrides ended`,
}
