/** The answer to `/lens latency`: how long calls took that ended well. */
import type { Latency } from '../../db/clickhouse/queries/latency.ts'
import type { SpendFilter } from '../../db/clickhouse/queries/scope.ts'
import type { SpendRange } from '../spend/range.ts'
import { answerTable } from './answer-table.ts'
import type { Message } from './card.ts'
import { filterWords } from './spend.ts'
import { calls, context, escapeText, instant, section } from './text.ts'

export interface LatencyAnswer {
  /** Null where no call ended well. */
  readonly all: Latency | null
  readonly lines: readonly (Latency & { readonly name: string })[]
  readonly by: string
  readonly range: SpendRange
  readonly filter: SpendFilter
  readonly asOf: Date
}

export function latencyMessage({ all, lines, by, range, filter, asOf }: LatencyAnswer): Message {
  const about = [...filterWords(filter), `days in ${range.timeZone}`, `as of ${instant(asOf)}`].join('  ·  ')
  if (all === null) {
    const text = `No call ended well ${range.when}, so there is no latency to tell.`
    return { text, blocks: [section(text), context(about)] }
  }
  const figures = `p50 ${ms(all.p50Ms)}, p95 ${ms(all.p95Ms)}, p99 ${ms(all.p99Ms)} ${range.when}, ${calls(all.calls)} that ended well`
  const rows = lines.map((line) => [
    ...[line.name, ms(line.p50Ms), ms(line.p95Ms), ms(line.p99Ms)],
    ...[line.ttftP95Ms === null ? '–' : ms(line.ttftP95Ms), line.calls.toLocaleString('en-US')],
  ])
  const heading = [by.charAt(0).toUpperCase() + by.slice(1), 'p50', 'p95', 'p99', 'First token p95', 'Calls']
  return {
    text: [
      figures,
      ...lines.slice(0, 10).map((line) => `${escapeText(line.name)}: p95 ${ms(line.p95Ms)}`),
    ].join('\n'),
    blocks: [
      section(`*${figures}*`),
      answerTable([heading, ...rows]),
      context(`Each within 1%  ·  ${about}`),
    ],
  }
}

const ms = (count: number): string =>
  count < 1000 ? `${count} ms` : `${(count / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })} s`
