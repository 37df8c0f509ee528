/** App Home: this month at a glance, the budgets, how fast calls are, and what is not right yet. */
import { type NanoUsd, showUsd, sumUsd } from '../../core/money.ts'
import type { Latency } from '../../db/clickhouse/queries/latency.ts'
import type { UnpricedModel } from '../../db/clickhouse/queries/unpriced-models.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { StandingStop } from '../../db/postgres/list-wide-stops.ts'
import { ACTIONS, COMMAND } from '../ids.ts'
import { budgetText, groupBudgets } from './budget-list.ts'
import {
  type Block,
  button,
  calls,
  clip,
  context,
  divider,
  escapeText,
  header,
  instant,
  monthName,
  name,
  section,
} from './text.ts'
import { wideStopBlock } from './wide-stops.ts'

export interface HomeProject {
  readonly id: string
  readonly name: string
  readonly spent: NanoUsd
  readonly events: number
  readonly unpricedEvents: number
}

export interface HomeFacts {
  readonly projects: readonly HomeProject[]
  /** Each before its counters. */
  readonly budgets: readonly StoredBudget[]
  readonly stops: readonly StandingStop[]
  /** Of the last 24 hours; null when no call ended well. */
  readonly latency: Latency | null
  readonly unpriced: readonly UnpricedModel[]
  readonly ingestUrl: string
  readonly asOf: Date
}

/** Home holds a hundred blocks; the rest of a long list is a line that says so. */
const LINES_MAX = 25

export function homeBlocks(facts: HomeFacts): Block[] {
  const events = facts.projects.reduce((sum, project) => sum + project.events, 0)
  return [
    ...facts.stops.slice(0, LINES_MAX).map(wideStopBlock),
    header(`${monthName(facts.asOf)}: ${showUsd(sumUsd(facts.projects.map(({ spent }) => spent)))}`),
    context(`${calls(events)}  ·  as of ${instant(facts.asOf)}`),
    ...(events === 0 ? firstEventBlocks(facts.ingestUrl) : projectBlocks(facts.projects)),
    divider(),
    ...budgetBlocks(facts),
    ...(events === 0 ? [] : [divider(), ...healthBlocks(facts)]),
  ]
}

export const closedHomeBlocks = (reason: string): Block[] => [section(reason)]

function firstEventBlocks(ingestUrl: string): Block[] {
  return [
    section('*No calls yet this month.* Three steps to the first one:'),
    section(
      [
        '```pip install ./sdk/python openai   # from the LensAI repository',
        'export LENS_API_KEY=lens_...          # the key of your project',
        `export LENS_URL=${escapeText(ingestUrl)}\`\`\``,
      ].join('\n'),
    ),
    section(
      ['```import lensai', 'from openai import OpenAI', '', 'client = lensai.wrap(OpenAI())```'].join('\n'),
    ),
    context('Calls through `client` are counted from then on. Open this page again to see them.'),
  ]
}

function projectBlocks(projects: readonly HomeProject[]): Block[] {
  const active = projects.filter(({ events }) => events > 0)
  const lines = active.slice(0, LINES_MAX).map((project) => {
    const unpriced =
      project.unpricedEvents > 0
        ? `  ·  :warning: ${project.unpricedEvents.toLocaleString('en-US')} without a price`
        : ''
    return `*${showUsd(project.spent)}*  ${name(clip(project.name, 60))}  ·  ${calls(project.events)}${unpriced}`
  })
  const more = active.length > LINES_MAX ? [`and ${active.length - LINES_MAX} more projects`] : []
  return [section([...lines, ...more].join('\n'))]
}

function budgetBlocks({ budgets, asOf }: HomeFacts): Block[] {
  const set = button(
    budgets.length === 0 ? 'Set a budget' : 'Set or change a budget',
    ACTIONS.homeBudget,
    'home',
    budgets.length === 0 ? { style: 'primary' } : {},
  )
  if (budgets.length === 0) {
    return [
      section('*Budgets*\nNone yet. A budget warns at 50, 75 and 90%, and refuses calls at 100%.'),
      { type: 'actions', elements: [set] },
    ]
  }
  const groups = groupBudgets(budgets, asOf)
  const shown = groups.slice(0, LINES_MAX)
  return [
    section('*Budgets*'),
    ...shown.map((group) => section(budgetText(group, asOf))),
    ...(groups.length > shown.length
      ? [context(`and ${groups.length - shown.length} more: \`${COMMAND} budgets\``)]
      : []),
    { type: 'actions', elements: [set] },
  ]
}

function healthBlocks({ latency, unpriced }: HomeFacts): Block[] {
  const speed = latency
    ? `*Latency, last 24 hours*\np50 *${seconds(latency.p50Ms)}*  ·  p95 *${seconds(latency.p95Ms)}*${ttftText(latency)}`
    : '*Latency, last 24 hours*\nNo call ended well.'
  if (unpriced.length === 0) return [section(speed)]
  const models = unpriced.map(
    ({ provider, model, unpricedEvents }) =>
      `${escapeText(clip(`${provider}/${model}`, 100))}: ${calls(unpricedEvents)}`,
  )
  return [section(speed), section(`:warning:  *Without a price, and so in no sum*\n${models.join('\n')}`)]
}

const ttftText = ({ ttftP50Ms, ttftP95Ms }: Latency): string =>
  ttftP50Ms === null || ttftP95Ms === null
    ? ''
    : `  ·  first token p50 ${seconds(ttftP50Ms)}, p95 ${seconds(ttftP95Ms)}`

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`)
