/** The difference that a repricing makes, as lines for a terminal. Amounts are exact: this is what is decided by. */
import { type NanoUsd, toUsdDecimal } from '../../core/money.ts'
import type { StillUnpriced } from '../../core/pricing/reprice-event.ts'
import { aligned } from '../aligned.ts'
import { type Change, type Difference, differenceOf } from './difference.ts'

const REASONS: Readonly<Record<StillUnpriced, string>> = {
  model_unknown: 'no price is known for the model at that time',
  rate_missing: 'the price lacks a class of tokens that was used',
}

const HEAD = ['project', 'model', 'calls', 'before', 'after', 'difference', 'still unpriced']

/** One line for each project and model that changes or lacks a price, and the total. */
export function reportLines(
  difference: Difference,
  projectNames: ReadonlyMap<string, string>,
): readonly string[] {
  const models = difference.byModel().filter(({ repriced, ...change }) => repriced + unpricedIn(change) > 0)
  if (models.length === 0) return ['Nothing to do: every call of the scope is priced as the prices say.']
  const rows = [
    HEAD,
    ...models.map((change) => [
      projectNames.get(change.projectId) ?? change.projectId,
      `${change.provider}/${change.model}`,
      ...figuresOf(change),
    ]),
    ['total', '', ...figuresOf(difference.total())],
  ]
  return aligned(rows)
}

const unpricedIn = ({ unpriced }: Pick<Change, 'unpriced'>): number =>
  unpriced.model_unknown + unpriced.rate_missing

function figuresOf(change: Change): string[] {
  if (change.repriced === 0) return ['0', '', '', '', unpricedText(change)]
  return [
    String(change.repriced),
    beforeText(change),
    dollars(change.after),
    signed(differenceOf(change)),
    unpricedText(change),
  ]
}

function beforeText({ repriced, newlyPriced, before }: Change): string {
  if (newlyPriced === repriced) return 'unpriced'
  return newlyPriced === 0 ? dollars(before) : `${dollars(before)} and ${newlyPriced} unpriced`
}

function unpricedText({ unpriced }: Change): string {
  const parts = Object.entries(REASONS).flatMap(([why, text]) => {
    const calls = why === 'model_unknown' ? unpriced.model_unknown : unpriced.rate_missing
    return calls === 0 ? [] : [`${calls}: ${text}`]
  })
  return parts.join('; ')
}

const dollars = (amount: NanoUsd): string =>
  amount < 0n ? `-$${toUsdDecimal(amount).slice(1)}` : `$${toUsdDecimal(amount)}`
const signed = (amount: NanoUsd): string => (amount > 0n ? `+${dollars(amount)}` : dollars(amount))
