/**
 * The answer to `/lens spend`: the ledger's total, and a table of what it is made of.
 * Invariant: the total is the ledger's. What the archive does not hold yet is a row of its own, so the table adds up;
 * a call without a price is said to have none, never shown as $0.
 */
import { type NanoUsd, percentOf, showUsd, subtractUsd, sumUsd, zeroUsd } from '../../core/money.ts'
import type { SpendFilter } from '../../db/clickhouse/queries/scope.ts'
import type { Message } from './card.ts'
import { type Block, calls, clip, context, escapeText, instant, literal, section } from './text.ts'

export interface SpendLine {
  readonly name: string
  readonly cost: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

export interface SpendAnswer {
  /** `in the last 7 days`, `today`. */
  readonly when: string
  readonly from: Date
  readonly until: Date
  readonly by: string
  /** Whose midnights `from` and `until` are. */
  readonly timeZone: string
  readonly filter: SpendFilter
  /** As the ledger counted; of filtered calls, and of days in another zone, as the archive holds them. */
  readonly total: Omit<SpendLine, 'name'>
  readonly lines: readonly SpendLine[]
  readonly unpriced: readonly { readonly model: string; readonly unpricedEvents: number }[]
  readonly asOf: Date
}

const ARRIVING = 'arriving'
/** A table may hold 10,000 characters: so it does, with 53 rows of four such cells. */
const CELL_CHARS_MAX = 46

export function spendMessage(answer: SpendAnswer, format: 'short' | 'table' = 'short'): Message {
  const { total, when } = answer
  if (total.events === 0) {
    const text = `No calls ${when}.`
    return { text, blocks: [section(text), context(`${span(answer)}  ·  as of ${instant(answer.asOf)}`)] }
  }
  const headline = `*${showTotal(total)}* ${when}  ·  ${calls(total.events)}`
  const made = withArriving(answer)
  const lines = format === 'table' ? [...made, { name: 'Total', ...total }] : made
  return {
    text: [
      `${showTotal(total)} ${when}, ${calls(total.events)}.`,
      ...lines.map((line) => `${escapeText(line.name)}: ${showCost(line)}`),
      ...unpricedText(answer),
    ].join('\n'),
    blocks: [
      section(headline),
      tableOf(answer, lines),
      ...unpricedText(answer).map((text) => context(`:warning:  ${text}`)),
      ...(lines.some(({ name }) => name === ARRIVING)
        ? [context(`_${ARRIVING}_: counted in the total, not yet cut by ${answer.by}.`)]
        : []),
      context(`${span(answer)}  ·  as of ${instant(answer.asOf)}`),
    ],
  }
}

function tableOf({ by, total }: SpendAnswer, lines: readonly SpendLine[]): Block {
  const cell = (text: string) => ({ type: 'raw_text' as const, text: clip(text, CELL_CHARS_MAX) })
  const heading = `${by.charAt(0).toUpperCase()}${by.slice(1)}`
  return {
    type: 'table',
    column_settings: [
      { align: 'left', is_wrapped: true },
      { align: 'right' },
      { align: 'right' },
      { align: 'right' },
    ],
    rows: [
      [heading, 'Spend', 'Share', 'Calls'].map(cell),
      ...lines.map((line) =>
        [line.name, showCost(line), shareOf(line.cost, total.cost), line.events.toLocaleString('en-US')].map(
          cell,
        ),
      ),
    ],
  }
}

/** What the ledger has and the lines have not: events on their way to the archive. */
export function withArriving({ total, lines }: Pick<SpendAnswer, 'total' | 'lines'>): readonly SpendLine[] {
  const sum = (pick: (line: SpendLine) => number) => lines.reduce((all, line) => all + pick(line), 0)
  const cost = subtractUsd(total.cost, sumUsd(lines.map(({ cost }) => cost)))
  const events = total.events - sum((line) => line.events)
  // By a call that came between the two readings, or a price that was put right.
  if (cost === zeroUsd && events === 0) return lines
  const unpricedEvents = Math.max(0, total.unpricedEvents - sum((line) => line.unpricedEvents))
  return [...lines, { name: ARRIVING, cost, events, unpricedEvents }]
}

/** The headline's form: what has no price is said below it. */
export const showTotal = ({ cost, unpricedEvents }: Omit<SpendLine, 'name'>): string =>
  cost === zeroUsd && unpricedEvents > 0 ? 'No price known' : showUsd(cost)

export function showCost({ cost, unpricedEvents }: Pick<SpendLine, 'cost' | 'unpricedEvents'>): string {
  if (unpricedEvents === 0) return showUsd(cost)
  return cost === zeroUsd
    ? 'no price'
    : `${showUsd(cost)} + ${unpricedEvents.toLocaleString('en-US')} unpriced`
}

export function shareOf(cost: NanoUsd, total: NanoUsd): string {
  if (cost === zeroUsd) return '–'
  const percent = percentOf(cost, total)
  return percent === 0 ? '<1%' : `${percent}%`
}

export function unpricedText({ total, unpriced }: SpendAnswer): string[] {
  if (total.unpricedEvents === 0) return []
  const have = total.unpricedEvents === 1 ? 'has' : 'have'
  const models = unpriced.map(({ model }) => escapeText(clip(model, 60))).join(', ')
  return [
    `${calls(total.unpricedEvents)} ${have} no price and ${total.unpricedEvents === 1 ? 'is' : 'are'} not in the sum${models ? `: ${models}` : ''}.`,
  ]
}

/** The days that are meant, the last one included, and which calls. */
export function span({ from, until, timeZone, filter }: SpendAnswer): string {
  const day = (at: Date) => at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone })
  const last = new Date(until.getTime() - 1)
  const days =
    day(from) === day(last)
      ? `${day(from)}, a day in ${timeZone}`
      : `${day(from)} to ${day(last)}, days in ${timeZone}`
  return [days, ...filterWords(filter)].join('  ·  ')
}

/** `model gpt-4o* or o1`. */
export const filterWords = ({ fields, tags }: SpendFilter): string[] =>
  [...Object.entries(fields), ...Object.entries(tags)].map(([field, values]) =>
    literal(clip(`${field} ${values.join(' or ')}`, 200)),
  )
