/**
 * Rolls up the hour that starts at the slot, and every earlier hour that late events have reached since. An hour is
 * replaced whole, so that running one twice is harmless.
 */
import { hoursToRoll, rollUpHour } from '../db/clickhouse/rollup.ts'
import type { Job } from './job.ts'

const HOUR_MS = 3_600_000

export const spendRollup: Job = {
  name: 'spend-rollup',
  // Five minutes past, when the slot's hour is closed and its events are archived.
  schedule: '0 5 * * * *',
  slotMs: HOUR_MS,
  catchUpMs: HOUR_MS,
  run: async (slot, { clickhouse, now }) => {
    const late = await hoursToRoll(clickhouse, { before: slot })
    const hours = [...late.filter((hour) => hour.getTime() !== slot.getTime()), slot]
    for (const hour of hours) await rollUpHour(clickhouse, hour, now())
    return `${hours.length} hours rolled up`
  },
}
