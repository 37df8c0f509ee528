/** What the shortcut "Spend this month" opens: the same figures as `/lens spend`, as lines, since a modal holds no table. */
import { COMMAND } from '../ids.ts'
import {
  type SpendAnswer,
  type SpendLine,
  shareOf,
  showCost,
  showTotal,
  span,
  unpricedText,
  withArriving,
} from './spend.ts'
import { calls, context, instant, type ModalView, name, plain, section } from './text.ts'

const LINES_MAX = 20

export const SPEND_TITLE = 'Spend this month'

export function spendModal(answer: SpendAnswer): ModalView {
  const { total, when, by } = answer
  const headline =
    total.events === 0 ? `No calls ${when}.` : `*${showTotal(total)}* ${when}  ·  ${calls(total.events)}`
  const lines = withArriving(answer).slice(0, LINES_MAX)
  const lineOf = (line: SpendLine) =>
    `${name(line.name)}  ·  ${showCost(line)}  ·  ${shareOf(line.cost, total.cost)}`
  return {
    type: 'modal',
    title: plain(SPEND_TITLE, 24),
    close: plain('Close', 24),
    blocks: [
      section(headline),
      ...(lines.length === 0 ? [] : [section(`*By ${by}*\n${lines.map(lineOf).join('\n')}`)]),
      ...unpricedText(answer).map((text) => context(`:warning:  ${text}`)),
      context(`${span(answer)}  ·  as of ${instant(answer.asOf)}`),
      context(`Ask for more with \`${COMMAND} spend 7d by model\`.`),
    ],
  }
}
