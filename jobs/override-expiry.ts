/**
 * Tells when an override's window is over, in the place where it was granted, and when a request for one ran out. Neither
 * waits for this: verdicts and decisions derive it from the clock.
 */
import { expireRequests } from '../db/postgres/override-requests.ts'
import { expireOverrides } from '../db/postgres/overrides.ts'
import type { Job } from './job.ts'

export const overrideExpiry: Job = {
  name: 'override-expiry',
  schedule: '*/10 * * * * *',
  slotMs: 10_000,
  catchUpMs: 0,
  run: async (_slot, { postgres, now }) => {
    const overrides = await expireOverrides(postgres, now())
    const requests = await expireRequests(postgres, now())
    return `${overrides} overrides ended, ${requests} requests expired`
  },
}
