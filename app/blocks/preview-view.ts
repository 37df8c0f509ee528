/** "Would it have stopped?": what a budget, as it is filled in, would have done over the last period that is over. */
import type { LadderAction } from '../../core/budget/ladder.ts'
import type { Trip } from '../../core/budget/preview.ts'
import { counterWords, scopeWords } from '../../core/budget/scope-words.ts'
import { showUsd } from '../../core/money.ts'
import { nameOfInstant, nameOfPeriod } from '../../core/period/period-words.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { PreviewQuestion, StopPreview } from '../../db/clickhouse/queries/preview-stop.ts'
import type { StoppedGroup } from '../../db/clickhouse/queries/stopped-spend.ts'
import { type Block, calls, clip, context, literal, type ModalView, plain, section } from './text.ts'

/** Lines of a list; the dearest come first, and the rest is a line that says so. */
const LINES_MAX = 5

export const previewWaiting = (): ModalView => frame([section('Looking at the last period…')])
export const previewRefused = (why: string): ModalView => frame([section(why)])

export function previewView(
  question: PreviewQuestion,
  preview: StopPreview,
  projectName: string | null,
): ModalView {
  const { periodRule, limit, scope } = question
  const { period, was, courses, countersReaching, stopped } = preview
  const covered = literal(clip(scopeWords(scope, projectName), 300))
  const past = nameOfPeriod(periodRule, period)
  const head = `*${past}*: ${covered} spent *${showUsd(was.spent)}* in ${calls(was.events)}. The limit would be ${showUsd(limit)}${scope.each === null ? '' : ` for each ${scope.each}`}.`
  const trips = courses.flatMap(({ counter, trips: of }) => of.map((trip) => ({ counter, trip })))
  const shown = trips.slice(0, LINES_MAX).map(({ counter, trip }) => {
    const whose = counterWords(scope, counter)
    const when = nameOfInstant(periodRule, trip.at)
    return `• ${whose === null ? '' : `${literal(whose)}: `}${tripWords(trip)} from ${when}, at ${showUsd(trip.spent)}`
  })
  const more = trips.length > shown.length ? [`and ${trips.length - shown.length} more`] : []
  const many = scope.each === null ? '' : ` ${countersReaching} ${scope.each}s would have reached a step.`
  return frame([
    section(head),
    section(
      preview.wouldTrip
        ? `:octagonal_sign: *It would have stopped calls.*${many}\n${[...shown, ...more].join('\n')}`
        : [`:large_green_circle: *It would have stopped nobody.*${many}`, ...shown, ...more].join('\n'),
    ),
    ...(preview.wouldTrip ? stoppedBlocks(stopped) : []),
    ...(was.unpricedEvents > 0
      ? [context(`:warning: ${calls(was.unpricedEvents)} had no price, and count nothing here.`)]
      : []),
    context(
      'What another model or a slower pace would have saved is not known, and nothing is taken off for it.',
    ),
  ])
}

const frame = (blocks: Block[]): ModalView => ({
  type: 'modal',
  title: plain('Would it have stopped?', 24),
  close: plain('Back', 24),
  blocks,
})

function stoppedBlocks({ cost, calls: count, routes, users, keys }: StopPreview['stopped']): Block[] {
  const lists = [
    ['Routes', routes],
    ['Users', users],
    ['Keys', keys],
  ] as const
  return [
    section(`*${calls(count)} for ${showUsd(cost)} would have been refused.*`),
    ...lists
      .filter(([, groups]) => groups.some(({ value }) => value !== null))
      .map(([title, groups]) => section(`*${title}*\n${groupLines(groups).join('\n')}`)),
  ]
}

function groupLines(groups: readonly StoppedGroup[]): string[] {
  const lines = groups
    .slice(0, LINES_MAX)
    .map(({ value, cost, calls: count }) => `${nameOf(value)}  ·  ${showUsd(cost)}  ·  ${calls(count)}`)
  return groups.length > LINES_MAX ? [...lines, 'and more'] : lines
}

const nameOf = (value: string | null): string => (value === null ? '(none named)' : literal(clip(value, 100)))

const tripWords = ({ rung: { percent, action } }: Trip): string => `${percent}%: ${actionWords(action)}`

function actionWords(action: LadderAction): string {
  switch (action.kind) {
    case 'downgrade':
      return `${literal(action.from)} answered as ${literal(action.to)}`
    case 'throttle':
      return `at most ${action.callsPerMinute} calls a minute`
    case 'stop':
      return action.environments === null
        ? 'all calls refused'
        : `${action.environments.map(literal).join(', ')} refused`
    default:
      return unreachable(action)
  }
}
