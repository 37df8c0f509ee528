/**
 * The modals of a project and its key.
 * Invariant: the modal that shows a key has no button, input or metadata, so that Slack never sends the key back to us.
 */
import type { FirstEvent } from '../../db/postgres/onboarding-steps.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { choiceField } from './inputs.ts'
import { type Block, clip, context, divider, type ModalView, name, plain, section } from './text.ts'
import { firstEventWords, WAITING } from './welcome.ts'
import { snippetBlocks } from './welcome-snippets.ts'

/** Slack's menus hold a hundred. */
const PROJECTS_MAX = 100

export const nameProjectModal = (isFirst: boolean): ModalView => ({
  type: 'modal',
  callback_id: VIEWS.nameProject,
  title: plain(isFirst ? 'Name your project' : 'Add a project', 24),
  submit: plain('Create project', 24),
  close: plain('Cancel', 24),
  blocks: [
    {
      type: 'input',
      block_id: FIELDS.projectName,
      label: plain('Name'),
      hint: plain(
        'The service, team or bot whose calls it counts. An API key for it comes next, shown once.',
      ),
      element: {
        type: 'plain_text_input',
        action_id: FIELD_VALUE,
        max_length: 60,
        focus_on_load: true,
        placeholder: plain('support-bot', 150),
      },
    },
  ],
})

export function newKeyModal(projects: readonly Project[]): ModalView {
  const [first] = projects
  return {
    type: 'modal',
    callback_id: VIEWS.newKey,
    title: plain('New API key', 24),
    submit: plain('Create key', 24),
    close: plain('Cancel', 24),
    blocks: [
      choiceField({
        id: FIELDS.project,
        label: 'Project',
        choices: projects.slice(0, PROJECTS_MAX).map(({ id, name: text }) => ({ value: id, text })),
        initial: first?.id ?? null,
      }),
      {
        type: 'input',
        block_id: FIELDS.name,
        label: plain('What it is for'),
        hint: plain('Lists and the audit trail call it so, such as production or nightly jobs.'),
        element: {
          type: 'plain_text_input',
          action_id: FIELD_VALUE,
          max_length: 60,
          focus_on_load: true,
          placeholder: plain('production', 150),
        },
      },
      context('It sends events and hears verdicts, and does nothing else. Other keys go on working.'),
    ],
  }
}

export interface ShownKey {
  readonly text: string
  readonly projectName: string
  readonly ingestUrl: string
}

export const keyModal = ({ text, projectName, ingestUrl }: ShownKey): ModalView => ({
  type: 'modal',
  title: plain('Your API key', 24),
  close: plain('I have copied it', 24),
  blocks: [
    section(
      `*It is shown this once.* Copy the key of *${name(clip(projectName, 60))}* to where your secrets are:\n\`\`\`${text}\`\`\``,
    ),
    context('LensAI keeps only its hash. One that was lost is replaced by another: *New key* in App Home.'),
    divider(),
    ...snippetBlocks({ ingestUrl, key: text }),
  ],
})

/** Beneath the key: what remains when that is put away. */
export function waitingModal(firstEvent: FirstEvent | null, now: Date): ModalView {
  const blocks: Block[] =
    firstEvent === null
      ? [
          section(`:hourglass_flowing_sand:  ${WAITING}`),
          context(
            'The lines to paste stand in App Home as well, without the key. You may close this: Home waits too.',
          ),
        ]
      : [
          section(`:tada:  *${firstEventWords(firstEvent, now)}*`),
          section(
            'From now on every call is counted within seconds. App Home shows what it costs; after an hour LensAI proposes a first budget there.',
          ),
        ]
  return {
    type: 'modal',
    title: plain(firstEvent === null ? 'Your first event' : 'It works', 24),
    close: plain('Close', 24),
    blocks,
  }
}
