/**
 * Frees what is held by calls of which nobody has said what became of them, and what replicas that are gone had leased.
 * Nobody waits for this: whoever would be refused for it expires it first.
 */
import { expireHolds } from '../db/postgres/end-holds.ts'
import { expireLeases } from '../db/postgres/leases.ts'
import type { Job } from './job.ts'

export const holdExpiry: Job = {
  name: 'hold-expiry',
  schedule: '*/10 * * * * *',
  slotMs: 10_000,
  catchUpMs: 0,
  run: async (_slot, { postgres, now }) => {
    const leases = await expireLeases(postgres, now())
    return `${await expireHolds(postgres, now())} holds and ${leases} leases expired`
  },
}
