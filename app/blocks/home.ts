/**
 * App Home: this month at a glance, the budgets, charts, how fast calls are, keys, and who did what lately.
 * Invariant: within Slack's hundred blocks and 250 KB, whatever there is; the rest of a long list is a line that says so.
 */

import { ACTIONS, COMMAND } from '../ids.ts'
import { budgetText, groupBudgets } from './budget-list.ts'
import { forecastsOfRunning } from './forecast-words.ts'
import { chartBlocks, healthBlocks } from './home-archive.ts'
import type { HomeFacts } from './home-facts.ts'
import { figureBlocks, projectBlocks } from './home-figures.ts'
import { deedBlocks, keyBlocks, pulseText } from './home-lists.ts'
import { selectorBlock } from './home-selectors.ts'
import { type Block, button, context, divider, header, section } from './text.ts'
import { wideStopBlock } from './wide-stops.ts'

const STOPS_MAX = 10
const BUDGETS_MAX = 20

export function homeBlocks(all: HomeFacts): Block[] {
  const facts = chosenOf(all)
  const events = facts.projects.reduce((sum, project) => sum + project.events, 0)
  const isNew = events === 0 && all.keys.every(({ lastUsedAt }) => lastUsedAt === null)
  return [
    ...facts.stops.slice(0, STOPS_MAX).map(wideStopBlock),
    ...figureBlocks(facts),
    context(pulseText(all)),
    ...(isNew ? [] : [selectorBlock(all)]),
    ...(events > 0 ? projectBlocks(facts) : [section('*No calls yet this month.*')]),
    divider(),
    ...budgetBlocks(facts),
    ...(isNew ? [] : [divider(), ...chartBlocks(facts.archive), ...healthBlocks(facts.archive)]),
    ...keyBlocks(facts),
    ...deedBlocks(facts),
  ]
}

/** For whoever may not look: what this is, why it is closed, and the way in. */
export const closedHomeBlocks = (reason: string): Block[] => [
  header('LensAI'),
  section(`:lock:  *This page is closed for you.* ${reason}`),
  context('Here full members see what calls to language models cost, and the budgets that hold them.'),
]

/** What is of the chosen project, and what reaches it with all others. */
function chosenOf(facts: HomeFacts): HomeFacts {
  const { projectId } = facts.choice
  if (projectId === null) return facts
  const reaches = (id: string | null): boolean => id === null || id === projectId
  return {
    ...facts,
    projects: facts.projects.filter(({ id }) => id === projectId),
    budgets: facts.budgets.filter(({ budget }) => reaches(budget.scope.projectId)),
    stops: facts.stops.filter((stop) => reaches(stop.projectId)),
    keys: facts.keys.filter((key) => key.projectId === projectId),
  }
}

function budgetBlocks({ budgets, forecasts, stops, asOf, projects }: HomeFacts): Block[] {
  // With calls there is, or soon will be, a proposal above: one button of a page says what is next.
  const isNext = budgets.length === 0 && projects.every(({ events }) => events === 0)
  const set = button(
    budgets.length === 0 ? 'Set a budget' : 'Set or change a budget',
    ACTIONS.homeBudget,
    'home',
    isNext ? { style: 'primary' } : {},
  )
  if (budgets.length === 0) {
    return [
      section('*Budgets*\nNone yet. A budget warns at 50, 75 and 90%, and refuses calls at 100%.'),
      { type: 'actions', elements: [set] },
    ]
  }
  const groups = groupBudgets(budgets, asOf)
  const shown = groups.slice(0, BUDGETS_MAX)
  const ahead = forecastsOfRunning(forecasts, budgets, stops)
  return [
    section('*Budgets*'),
    ...shown.map((group) => section(budgetText(group, asOf, ahead))),
    ...(groups.length > shown.length
      ? [context(`and ${groups.length - shown.length} more: \`${COMMAND} budgets\``)]
      : []),
    { type: 'actions', elements: [set] },
  ]
}
