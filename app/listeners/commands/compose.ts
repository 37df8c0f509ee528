/**
 * The answers that can be shared with a channel: read anew for whoever asks, as blocks alone.
 * Invariant: the same words at the same instant in the same zone are about the same time, so that what is shared is what
 * was shown. Budgets and their forecasts are of now, which the answer says.
 */
import { zeroUsd } from '../../../core/money.ts'
import { unreachable } from '../../../core/unreachable.ts'
import { unpricedModels } from '../../../db/clickhouse/queries/unpriced-models.ts'
import type { Message } from '../../blocks/card.ts'
import { comparisonMessage } from '../../blocks/comparison.ts'
import { errorsMessage } from '../../blocks/errors.ts'
import { forecastMessage } from '../../blocks/forecast-list.ts'
import { withPartial } from '../../blocks/partial.ts'
import { spendMessage } from '../../blocks/spend.ts'
import { unpricedMessage } from '../../blocks/unpriced.ts'
import type { AppDeps } from '../../deps.ts'
import { readErrors } from '../../errors/read-errors.ts'
import { seenCalls } from '../../seen/seen.ts'
import { rangeOf } from '../../spend/range.ts'
import { comparedRanges } from '../../spend/range-before.ts'
import { readComparison } from '../../spend/read-comparison.ts'
import { readForecasts } from '../../spend/read-forecasts.ts'
import { readSpend } from '../../spend/read-spend.ts'
import { say } from '../answer.ts'
import { composeBudgets } from './budgets.ts'
import {
  type Asking,
  type Composed,
  type Drawn,
  type OfCalls,
  type ShareableCommand,
  TABLE_LINES_MAX,
} from './composed.ts'
import { composeLatency } from './latency.ts'

const SHORT_LINES_MAX = 10

const answer = (message: Message, drawn: Drawn | null = null): Composed => ({
  ...{ kind: 'answer', message, drawn },
})

/** Whatever is composed says by itself where it is not of the whole organisation. */
export async function compose(
  deps: AppDeps,
  asking: Asking,
  command: ShareableCommand,
  { isShared = false }: { readonly isShared?: boolean } = {},
): Promise<Composed> {
  const composed = await composeAnswer(deps, asking, command)
  return composed.kind === 'answer'
    ? { ...composed, message: withPartial(composed.message, asking.reach, isShared) }
    : composed
}

async function composeAnswer(deps: AppDeps, asking: Asking, command: ShareableCommand): Promise<Composed> {
  const { reach, timeZone } = asking
  switch (command.kind) {
    case 'budgets':
      return answer(await composeBudgets(deps, reach))
    case 'forecast':
      return answer(forecastMessage(await readForecasts(deps, reach), { timeZone, now: deps.now() }))
    default: {
      const spanned = rangeOf(command.range, asking.at, timeZone)
      if (spanned.kind === 'bad') return { kind: 'refused', message: say(spanned.problem) }
      return await composeOfCalls(deps, asking, { command, range: spanned.range })
    }
  }
}

async function composeOfCalls(deps: AppDeps, { reach, at }: Asking, of: OfCalls): Promise<Composed> {
  const { command, range } = of
  const { by, filter } = command
  switch (command.kind) {
    case 'spend': {
      const isTable = command.format === 'table'
      const linesMax = isTable ? TABLE_LINES_MAX : SHORT_LINES_MAX
      const spend = await readSpend(deps, { reach, range, linesMax, by, filter })
      const drawn =
        spend.total.events === 0 ? null : { range, spent: spend.total.cost, dearest: spend.dearest }
      return answer(spendMessage(spend, isTable ? 'table' : 'short'), drawn)
    }
    case 'latency':
      return await composeLatency(deps, reach, of)
    case 'errors': {
      const errors = await readErrors(deps, { reach, range, by, filter })
      return answer(
        errorsMessage(errors),
        errors.total.failed === 0 ? null : { range, spent: zeroUsd, dearest: null },
      )
    }
    case 'compare': {
      const ranges = comparedRanges(command.range, range, at)
      return answer(
        comparisonMessage(await readComparison(deps, { reach, ranges, by: by ?? 'model', filter })),
      )
    }
    case 'unpriced': {
      const scope = seenCalls(reach, range, filter)
      const models = await unpricedModels(deps.clickhouse, { ...scope, limit: TABLE_LINES_MAX + 1 })
      const shown = models.slice(0, TABLE_LINES_MAX)
      const isCut = models.length > shown.length
      return answer(unpricedMessage({ models: shown, isCut, range, asOf: deps.now() }))
    }
    default:
      return unreachable(command.kind)
  }
}
