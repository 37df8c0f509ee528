/** The menus of Home: which project, and how far its charts go back. */
import type { types } from '@slack/bolt'
import { HOME_RANGES, type HomeRange } from '../home/choice.ts'
import { ACTIONS, EVERYTHING } from '../ids.ts'
import type { HomeFacts } from './home-facts.ts'
import { type Block, plain } from './text.ts'

/** Slack's menus hold a hundred. */
const PROJECTS_MAX = 99

const RANGE_NAMES: Readonly<Record<HomeRange, string>> = {
  '1d': 'Charts of today',
  '7d': 'Charts of 7 days',
  '30d': 'Charts of 30 days',
  mtd: 'Charts of this month',
}

export function selectorBlock({ projects, choice }: HomeFacts): Block {
  const all = optionOf('All projects', EVERYTHING)
  const chosen = projects.find(({ id }) => id === choice.projectId)
  // The chosen one is always among them, however little it spends.
  const listed = [...(chosen ? [chosen] : []), ...projects.filter(({ id }) => id !== choice.projectId)].slice(
    0,
    PROJECTS_MAX,
  )
  const ranges = HOME_RANGES.map((range) => optionOf(RANGE_NAMES[range], range))
  return {
    type: 'actions',
    elements: [
      {
        type: 'static_select',
        action_id: ACTIONS.homeProject,
        options: [all, ...listed.map(({ id, name }) => optionOf(name, id))],
        initial_option: chosen ? optionOf(chosen.name, chosen.id) : all,
      },
      {
        type: 'static_select',
        action_id: ACTIONS.homeRange,
        options: ranges,
        initial_option: optionOf(RANGE_NAMES[choice.range], choice.range),
      },
    ],
  }
}

const optionOf = (text: string, value: string): types.PlainTextOption => ({ text: plain(text, 75), value })
