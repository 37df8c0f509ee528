/** The progress of a replay as one line that a terminal shows in place. Pure. */
import { parseUsd, percentOf, showUsd, zeroUsd } from '../../core/money.ts'
import type { DriverBudget } from './driver-line.ts'

export interface Progress {
  readonly done: number
  readonly total: number
  readonly budget: DriverBudget | null
}

const BAR_CELLS = 24

export function progressLine({ done, total, budget }: Progress): string {
  const filled = total === 0 ? 0 : Math.floor((done / total) * BAR_CELLS)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`
  const calls = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} calls`
  return budget ? `${bar}  ${calls}   ${budgetWords(budget)}` : `${bar}  ${calls}`
}

function budgetWords({ spent_usd, limit_usd, state }: DriverBudget): string {
  const [spent, limit] = [parseUsd(spent_usd) ?? zeroUsd, parseUsd(limit_usd) ?? zeroUsd]
  const words =
    state === 'stopped' ? 'STOPPED: waits for a person' : state === 'overridden' ? 'override runs' : state
  return `${showUsd(spent)} of ${showUsd(limit)} (${percentOf(spent, limit)}%)   ${words}`
}
