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

/** What a change of the budget means to the person who watches, and what they can do. */
export function changeWords({ state, limit_usd }: DriverBudget): string {
  switch (state) {
    case 'open':
      return 'The budget is open again: calls pass.'
    case 'warned':
      return 'The budget has warned: its card in Slack says so, and calls still pass.'
    case 'stopped':
      return `The budget of ${showUsd(parseUsd(limit_usd) ?? zeroUsd)} has stopped the calls. To see them pass again, press Override on its card.`
    case 'overridden':
      return 'The stop is lifted: calls pass until the override is spent or its window ends.'
    default:
      return `The budget is ${state}.`
  }
}

/** The text in lines of at most so many characters; a word that is longer, such as an address, stays whole. */
export function wrapped(text: string, columns: number): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}
