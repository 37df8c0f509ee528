/** The answer to `/lens forecast`: of each budget what is spent, and what it comes to at this rate. */
import { countedIn, limitIn } from '../../core/budget/limit.ts'
import { budgetState } from '../../core/budget/state.ts'
import type { Forecast } from '../../core/forecast/forecast.ts'
import { sayForecast } from '../../core/forecast/say-forecast.ts'
import { showUsd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { COMMAND } from '../ids.ts'
import type { BudgetForecast } from '../spend/read-forecasts.ts'
import { barOf, periodName, stateMark, titleOf } from './budget-words.ts'
import type { Message } from './card.ts'
import { clip, context, escapeText, instant, name, section } from './text.ts'

interface Reader {
  /** Whose clock `Thursday 14:00` is. */
  readonly timeZone: string
  readonly now: Date
}

interface ForecastList {
  readonly shown: readonly BudgetForecast[]
  readonly more: number
}

export function forecastMessage({ shown, more }: ForecastList, reader: Reader): Message {
  if (shown.length === 0) {
    const text = `There is no budget to forecast. \`${COMMAND} budget\` makes one.`
    return { text, blocks: [section(text)] }
  }
  return {
    text: shown.map((one) => plainOf(one, reader)).join('\n'),
    blocks: [
      ...shown.map((one) => section(lineOf(one, reader))),
      ...(more > 0
        ? [context(`and ${more.toLocaleString('en-US')} more budgets, less full than these`)]
        : []),
      context(`Times in ${reader.timeZone}  ·  as of ${instant(reader.now)}`),
    ],
  }
}

function lineOf({ stored, forecast }: BudgetForecast, reader: Reader): string {
  const heading = `${stateMark(budgetState(stored, reader.now))}  *${titleIn(stored)}*  ·  ${escapeText(periodName(stored))}`
  const { headline, detail } = saidOf(stored, forecast, reader)
  const said = `${headline.charAt(0).toUpperCase()}${headline.slice(1)}`
  return [
    heading,
    ...(stored.budget.scope.each === null ? [`${barOf(stored)}  ${spentOf(stored)}`] : []),
    `*${said}*${detail === null ? '' : `  ·  ${detail}`}`,
  ].join('\n')
}

const plainOf = ({ stored, forecast }: BudgetForecast, reader: Reader): string =>
  `${titleIn(stored)}: ${stored.budget.scope.each === null ? `${spentOf(stored)}, ` : ''}${saidOf(stored, forecast, reader).headline}`

const titleIn = (stored: StoredBudget): string => name(clip(titleOf(stored), 60))

const spentOf = ({ budget, current }: StoredBudget): string =>
  `${showUsd(countedIn(current))} of ${showUsd(limitIn(budget, current))}`

function saidOf({ budget }: StoredBudget, forecast: Forecast | null, reader: Reader) {
  if (forecast !== null) return sayForecast(forecast, reader)
  const headline =
    budget.scope.each !== null
      ? `no forecast: it counts each ${budget.scope.each} by itself`
      : budget.manualStop !== null
        ? 'no forecast while it is stopped by a person'
        : 'no forecast: it does not run now'
  return { headline, detail: null }
}
