/** Stops of a project or of everything: the red line that says so, with its button, and the modal that asks first. */

import type { StandingStop } from '../../db/postgres/list-wide-stops.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { ACTIONS, COMMAND, EVERYTHING, FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { wideStopWords } from './budget-words.ts'
import type { Message } from './card.ts'
import { type Block, button, clip, context, type ModalView, name, plain, section } from './text.ts'

/** Slack's menus hold a hundred, and one choice is everything. */
const PROJECTS_MAX = 99
export const STOP_REASON_CHARS_MAX = 300
const LINES_MAX = 40

/** A red line, and the button that ends the stop once it was asked whether that is meant. */
export function wideStopBlock(stop: StandingStop): Block {
  const what = stop.projectName === null ? 'every project' : name(stop.projectName)
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `:octagonal_sign:  ${wideStopWords(stop, stop.projectName)}` },
    accessory: button('Resume', ACTIONS.resumeWidely, stop.projectId ?? EVERYTHING, {
      style: 'primary',
      confirm: {
        title: { type: 'plain_text', text: 'Let calls pass again?' },
        text: {
          type: 'mrkdwn',
          text: `Calls of ${clip(what, 200)} pass again, but for what its budgets or another stop refuse.`,
        },
        confirm: { type: 'plain_text', text: 'Resume' },
        deny: { type: 'plain_text', text: 'Cancel' },
      },
    }),
  }
}

export function wideStopsMessage(stops: readonly StandingStop[]): Message {
  if (stops.length === 0) {
    const text =
      'No project is stopped by a person, and neither is everything. Budgets may stop calls all the same: `/lens budgets`.'
    return { text, blocks: [section(text)] }
  }
  return {
    text: stops.map((stop) => wideStopWords(stop, stop.projectName)).join('\n'),
    blocks: stops.slice(0, LINES_MAX).map(wideStopBlock),
  }
}

/** Asked before everything is stopped, and where nothing was said. `chosen` is a project's id, or everything. */
export function stopModal({
  projects,
  chosen,
  reason,
}: {
  readonly projects: readonly Project[]
  readonly chosen: string | null
  readonly reason: string
}): ModalView {
  const options = [
    { text: plain('Everything: every project', 75), value: EVERYTHING },
    ...projects.slice(0, PROJECTS_MAX).map(({ id, name: text }) => ({ text: plain(text, 75), value: id })),
  ]
  const initial = options.find(({ value }) => value === chosen)
  const said = clip(reason, STOP_REASON_CHARS_MAX)
  return {
    type: 'modal',
    callback_id: VIEWS.stopWidely,
    title: plain('Stop calls', 24),
    submit: plain('Stop now', 24),
    close: plain('Cancel', 24),
    blocks: [
      section(
        ':octagonal_sign:  Every call is refused at once, whether or not a budget covers it, until an admin resumes.',
      ),
      {
        type: 'input',
        block_id: FIELDS.reach,
        label: plain('What is stopped'),
        element: {
          type: 'static_select',
          action_id: FIELD_VALUE,
          options,
          ...(initial ? { initial_option: initial } : {}),
        },
      },
      {
        type: 'input',
        block_id: FIELDS.reason,
        optional: true,
        label: plain('Why'),
        element: {
          type: 'plain_text_input',
          action_id: FIELD_VALUE,
          max_length: STOP_REASON_CHARS_MAX,
          placeholder: plain('A key leaked, a loop runs away …', 150),
          ...(said === '' ? {} : { initial_value: said }),
        },
      },
      context(`Calls that have begun are not cut off. \`${COMMAND} resume\` ends it.`),
    ],
  }
}
