/** What drives a budget's spend: the dearest models, routes and users of its period. */

import { showUsd } from '../../core/money.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Message } from './card.ts'
import { type SpendLine, shareOf, showCost } from './spend.ts'
import { clip, context, escapeText, instant, name, section } from './text.ts'

export interface Drivers {
  readonly models: readonly SpendLine[]
  readonly routes: readonly SpendLine[]
  readonly users: readonly SpendLine[]
  readonly asOf: Date
}

export function driversMessage({ budget, current }: StoredBudget, drivers: Drivers): Message {
  const title = `*${name(budget.title)}*, ${nameOfPeriod(budget.periodRule, current.period)}: ${showUsd(current.spent)} of ${showUsd(budget.limit)}`
  const list = (heading: string, lines: readonly SpendLine[]) =>
    section(`*${heading}*\n${lines.length === 0 ? '_no calls yet_' : lines.map(lineOf).join('\n')}`)
  const lineOf = (line: SpendLine) =>
    `${showCost(line)}  ·  ${shareOf(line.cost, current.spent)}  ·  ${escapeText(clip(line.name, 80))}`
  return {
    text: title.replaceAll('*', ''),
    blocks: [
      section(title),
      list('Models', drivers.models),
      list('Routes', drivers.routes),
      list('Users', drivers.users),
      context(`As of ${instant(drivers.asOf)}. The archive follows the ledger within seconds.`),
    ],
  }
}
