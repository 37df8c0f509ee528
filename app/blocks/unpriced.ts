/** The answer to `/lens unpriced`: models without a known price, and the way to give them one. */
import type { UnpricedModel } from '../../db/clickhouse/queries/unpriced-models.ts'
import type { SpendRange } from '../spend/range.ts'
import { answerTable } from './answer-table.ts'
import type { Message } from './card.ts'
import { context, instant, section } from './text.ts'

export interface UnpricedAnswer {
  readonly models: readonly UnpricedModel[]
  /** Whether there are more. */
  readonly isCut: boolean
  readonly range: SpendRange
  readonly asOf: Date
}

export function unpricedMessage({ models, isCut, range, asOf }: UnpricedAnswer): Message {
  const about = `days in ${range.timeZone}  ·  as of ${instant(asOf)}`
  if (models.length === 0) {
    const text = `Every call ${range.when} has a price.`
    return { text, blocks: [section(text), context(about)] }
  }
  const count = (value: number) => value.toLocaleString('en-US')
  const rows = models.map((one) => [
    ...[`${one.provider}/${one.model}`, count(one.unpricedEvents)],
    ...[count(one.tokensIn), count(one.tokensOut)],
  ])
  const many = `${isCut ? 'More than ' : ''}${models.length} ${models.length === 1 ? 'model has' : 'models have'}`
  const text = `*${many} calls without a known price ${range.when}.* What they cost is in no sum.`
  return {
    text: text.replaceAll('*', ''),
    blocks: [
      section(text),
      answerTable([['Model', 'Calls without a price', 'Tokens in', 'Tokens out'], ...rows]),
      section(
        'Whoever runs LensAI gives a model a price, or names the model that it is, with `npm run rules -- prices`; `npm run job -- reprice` then prices what was called before.',
      ),
      context(`Tokens are those of all calls of the model  ·  ${about}`),
    ],
  }
}
