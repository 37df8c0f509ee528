/** What drives a budget's spend: the dearest models, routes and users of its period. */

import { limitIn } from '../../core/budget/limit.ts'
import { isWhole } from '../../core/budget/scope.ts'
import { scopeWords } from '../../core/budget/scope-words.ts'
import { showUsd } from '../../core/money.ts'
import { nameOfPeriod } from '../../core/period/period-words.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Message } from './card.ts'
import { type SpendLine, shareOf, showCost } from './spend.ts'
import { clip, context, escapeText, instant, literal, name, section } from './text.ts'

export interface Drivers {
  readonly models: readonly SpendLine[]
  readonly routes: readonly SpendLine[]
  readonly users: readonly SpendLine[]
  readonly asOf: Date
}

export function driversMessage({ budget, current }: StoredBudget, drivers: Drivers): Message {
  // Of a budget that covers some calls only, a share of what it spent would be a percent of something else.
  const isAll = isWhole(budget.scope)
  const figures =
    budget.scope.each === null ? `: ${showUsd(current.spent)} of ${showUsd(limitIn(budget, current))}` : ''
  const title = `*${name(budget.title)}*, ${nameOfPeriod(budget.periodRule, current.period)}${figures}`
  const list = (heading: string, lines: readonly SpendLine[]) =>
    section(`*${heading}*\n${lines.length === 0 ? '_no calls yet_' : lines.map(lineOf).join('\n')}`)
  const lineOf = (line: SpendLine) =>
    [
      showCost(line),
      ...(isAll ? [shareOf(line.cost, current.spent)] : []),
      escapeText(clip(line.name, 80)),
    ].join('  ·  ')
  return {
    text: title.replaceAll('*', ''),
    blocks: [
      section(title),
      list('Models', drivers.models),
      list('Routes', drivers.routes),
      list('Users', drivers.users),
      ...(isAll
        ? []
        : [
            context(
              `These are all calls ${budget.projectName === null ? 'of the organisation' : `of ${name(budget.projectName)}`} in this period; the budget counts those of ${literal(clip(scopeWords(budget.scope, budget.projectName), 300))}.`,
            ),
          ]),
      context(`As of ${instant(drivers.asOf)}. The archive follows the ledger within seconds.`),
    ],
  }
}
