/**
 * Reckons what every counter holds anew from its holds and leases, and what it counts of calls without a price from
 * these: a difference is our mistake, healed and told.
 */
import { toUsdDecimal } from '../core/money.ts'
import { recheckHeld } from '../db/postgres/recheck-held.ts'
import { recheckEstimates } from '../db/postgres/set-estimates.ts'
import type { Job } from './job.ts'

const HOUR_MS = 3_600_000

export const holdCheck: Job = {
  name: 'hold-check',
  schedule: '0 5 * * * *',
  slotMs: HOUR_MS,
  catchUpMs: 0,
  run: async (_slot, { postgres, now }) => {
    const wrong = await recheckHeld(postgres)
    const unpriced = await recheckEstimates(postgres, now())
    if (wrong.length + unpriced.length === 0) return 'every counter holds what its holds and leases say'
    const estimates = unpriced.map(
      ({ budgetId, counter, estimated, derived }) =>
        `${budgetId} ${counter} counted ${toUsdDecimal(estimated)} for calls without a price in place of ${toUsdDecimal(derived)}`,
    )
    const held = wrong.map(
      ({ budgetId, counter, held, derived }) =>
        `${budgetId} ${counter} held ${toUsdDecimal(held)} in place of ${toUsdDecimal(derived)}`,
    )
    return `corrected ${held.length + estimates.length} counters: ${[...held, ...estimates].join('; ')}`
  },
}
