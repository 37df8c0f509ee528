/**
 * The answer to `/lens compare`: a time beside the one before it, and what moved between them.
 * Invariant: which way something moved is said in words, never by a sign or a colour alone.
 */
import { type NanoUsd, percentOf, showUsd, zeroUsd } from '../../core/money.ts'
import type { SpendFilter } from '../../db/clickhouse/queries/scope.ts'
import { changeOf, type Mover, type Movers } from '../spend/movers.ts'
import type { ComparedRanges } from '../spend/range-before.ts'
import { answerTable } from './answer-table.ts'
import type { Message } from './card.ts'
import { filterWords } from './spend.ts'
import { calls, context, escapeText, instant, section } from './text.ts'

interface Compared {
  readonly cost: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

export interface Comparison {
  readonly ranges: ComparedRanges
  readonly filter: SpendFilter
  readonly now: Compared
  readonly before: Compared
  readonly by: string
  readonly movers: Movers
  /** Whether values beyond the dearest were folded together. */
  readonly isCut: boolean
  readonly asOf: Date
}

export function comparisonMessage(comparison: Comparison): Message {
  const { ranges, now, before, by, movers } = comparison
  const { range, before: other } = ranges
  if (now.events === 0 && before.events === 0) {
    const text = `No calls ${range.when}, and none ${other.when}.`
    return { text, blocks: [section(text), about(comparison)] }
  }
  const money = { now: now.cost, before: before.cost }
  const figures = `${showUsd(now.cost)} ${range.when}, ${changeWords(money, ' than')} ${other.when}: ${showUsd(before.cost)}`
  const counted = `${calls(now.events)}, ${callsWords(now.events, before.events)} before: ${calls(before.events)}`
  const shown = [...movers.up, ...[...movers.down].reverse()]
  const { rest } = movers
  const others = {
    name: `${rest.count.toLocaleString('en-US')} ${rest.count === 1 ? 'other' : 'others'}`,
    ...rest,
  }
  const rows = [...shown, ...(rest.count === 0 ? [] : [others]), { name: 'Total', ...money }].map(rowOf)
  const heading = [by.charAt(0).toUpperCase() + by.slice(1), 'Now', 'Before', 'Change']
  return {
    text: [
      `${figures}.`,
      `${counted}.`,
      ...shown.map((one) => `${escapeText(one.name)}: ${changeWords(one)}`),
    ].join('\n'),
    blocks: [
      section(`*${figures}*\n${counted}`),
      answerTable([heading, ...rows]),
      ...unpricedWords(comparison).map((words) => context(words)),
      about(comparison),
    ],
  }
}

const rowOf = (one: Mover): string[] => [one.name, showUsd(one.now), showUsd(one.before), changeWords(one)]

/** `$3.00 more (+20%)`, `$3.00 more, from nothing`, `the same`. */
export function changeWords({ now, before }: Pick<Mover, 'now' | 'before'>, than = ''): string {
  const change = changeOf({ now, before })
  if (change === zeroUsd) return than === '' ? 'the same' : 'the same as'
  const isMore = change > zeroUsd
  const amount = showUsd(isMore ? change : changeOf({ now: before, before: now }))
  return `${amount} ${isMore ? 'more' : 'less'}${shareWords({ now, before })}${than}`
}

/** Of nothing there is no percent. */
function shareWords({ now, before }: Pick<Mover, 'now' | 'before'>): string {
  if (before <= zeroUsd) return ', from nothing'
  if (now === zeroUsd) return ', to nothing'
  const isMore = now > before
  const percent = percentOf(changeOf(isMore ? { now, before } : { now: before, before: now }), before)
  return ` (${isMore ? '+' : '−'}${percent === 0 ? '<1' : percent.toLocaleString('en-US')}%)`
}

function callsWords(now: number, before: number): string {
  if (now === before) return 'as many as'
  const count = Math.abs(now - before).toLocaleString('en-US')
  return now > before ? `${count} more than` : `${count} fewer than`
}

function unpricedWords({ now, before }: Comparison): string[] {
  if (now.unpricedEvents === 0 && before.unpricedEvents === 0) return []
  return [
    `:warning:  ${calls(now.unpricedEvents)} now and ${calls(before.unpricedEvents)} before have no price and are in neither sum.`,
  ]
}

function about({ ranges, filter, isCut, by, asOf }: Comparison) {
  const { range, before, isRunning } = ranges
  return context(
    [
      `${instant(range.from)} to ${instant(range.until)}, beside ${instant(before.from)} to ${instant(before.until)}${isRunning ? ', the same time of day' : ''}`,
      ...filterWords(filter),
      ...(isCut ? [`beyond the 5,000 dearest, each ${escapeText(by)} is part of _other_`] : []),
      `days in ${range.timeZone}`,
      `as of ${instant(asOf)}`,
    ].join('  ·  '),
  )
}
