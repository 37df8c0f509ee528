/** Reckons what every counter holds anew from its holds and leases; a difference is our mistake, healed and told. */
import { toUsdDecimal } from '../core/money.ts'
import { recheckHeld } from '../db/postgres/recheck-held.ts'
import type { Job } from './job.ts'

const HOUR_MS = 3_600_000

export const holdCheck: Job = {
  name: 'hold-check',
  schedule: '0 5 * * * *',
  slotMs: HOUR_MS,
  catchUpMs: 0,
  run: async (_slot, { postgres }) => {
    const wrong = await recheckHeld(postgres)
    if (wrong.length === 0) return 'every counter holds what its holds and leases say'
    const told = wrong.map(
      ({ budgetId, counter, held, derived }) =>
        `${budgetId} ${counter} held ${toUsdDecimal(held)} in place of ${toUsdDecimal(derived)}`,
    )
    return `corrected ${wrong.length} counters: ${told.join('; ')}`
  },
}
