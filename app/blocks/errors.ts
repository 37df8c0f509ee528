/** The answer to `/lens errors`: what share of calls did not end well, how they ended, and where. */
import type { SpendFilter } from '../../db/clickhouse/queries/scope.ts'
import type { SpendRange } from '../spend/range.ts'
import { answerTable } from './answer-table.ts'
import type { Message } from './card.ts'
import { filterWords } from './spend.ts'
import { calls, clip, context, escapeText, instant, name, section } from './text.ts'

export interface EndedAs {
  readonly status: string
  readonly calls: number
}

export interface ErrorLine {
  readonly name: string
  /** All of them, those that ended well too. */
  readonly calls: number
  readonly failed: number
  /** Of those that failed, most first. */
  readonly statuses: readonly EndedAs[]
}

export interface ErrorsAnswer {
  readonly range: SpendRange
  readonly filter: SpendFilter
  readonly by: string
  readonly total: Omit<ErrorLine, 'name'>
  /** What fails most comes first. None where the cut is by status. */
  readonly lines: readonly ErrorLine[]
  /** The routes that fail most, where no cut was asked for. */
  readonly routes: readonly ErrorLine[]
  readonly asOf: Date
}

export function errorsMessage({ range, filter, by, total, lines, routes, asOf }: ErrorsAnswer): Message {
  const about = context(
    [...filterWords(filter), `days in ${range.timeZone}`, `as of ${instant(asOf)}`].join('  ·  '),
  )
  if (total.calls === 0) {
    const text = `No calls ${range.when}.`
    return { text, blocks: [section(text), about] }
  }
  if (total.failed === 0) {
    const text = `None of ${calls(total.calls)} failed ${range.when}.`
    return { text, blocks: [section(text), about] }
  }
  const figures = `${rateOf(total)} of ${calls(total.calls)} failed ${range.when}: ${count(total.failed)}`
  const statuses = total.statuses.map(
    (one) => `${statusWords(one.status)} *${count(one.calls)}* (${rateOf({ ...total, failed: one.calls })})`,
  )
  const rows = lines.map((line) => [
    ...[line.name, count(line.failed), rateOf(line), count(line.calls)],
    line.statuses.map((one) => `${statusWords(one.status)} ${count(one.calls)}`).join(', '),
  ])
  const heading = [by.charAt(0).toUpperCase() + by.slice(1), 'Failed', 'Rate', 'Calls', 'How']
  return {
    text: [
      `${figures}.`,
      statuses.join(', ').replaceAll('*', ''),
      ...lines
        .slice(0, 10)
        .map((line) => `${escapeText(line.name)}: ${count(line.failed)} of ${count(line.calls)}`),
    ].join('\n'),
    blocks: [
      section(`*${figures}*`),
      section(statuses.join('  ·  ')),
      ...(rows.length === 0 ? [] : [answerTable([heading, ...rows])]),
      ...(routes.length === 0 ? [] : [section(`*Routes*\n${routes.map(routeLine).join('\n')}`)]),
      about,
    ],
  }
}

const routeLine = (line: ErrorLine): string =>
  `${name(clip(line.name, 80))}  ·  ${rateOf(line)}, ${count(line.failed)} of ${calls(line.calls)}`

const count = (value: number): string => value.toLocaleString('en-US')

/** With enough digits that one failure among many is not 0%, nor all but one 100%. */
export function rateOf({ failed, calls: all }: Pick<ErrorLine, 'failed' | 'calls'>): string {
  if (failed === 0 || all === 0) return '0%'
  if (failed === all) return '100%'
  const percent = (failed / all) * 100
  if (percent < 0.01) return '<0.01%'
  if (percent > 99.9) return '>99.9%'
  return `${percent.toLocaleString('en-US', { maximumFractionDigits: percent < 1 ? 2 : 1 })}%`
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  rate_limited: 'rate limited',
  blocked: 'refused by a budget',
}
const statusWords = (status: string): string => STATUS_WORDS[status] ?? escapeText(status)
