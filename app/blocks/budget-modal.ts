/**
 * The modal of a budget. The simple form is a limit for a project, or for all of them, and the channel of its card; the
 * rest is behind "More options".
 */
import { stopPercentOf } from '../../core/budget/ladder.ts'
import { isWhole } from '../../core/budget/scope.ts'
import { scopeWords } from '../../core/budget/scope-words.ts'
import { type NanoUsd, showUsd, toUsdDecimal } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { writeFormRef } from '../budget-form/form-ref.ts'
import { ACTIONS, COMMAND, EVERYTHING, FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { type OptionsShown, optionBlocks } from './budget-options.ts'
import { stopWords } from './budget-words.ts'
import { choiceField } from './inputs.ts'
import { type Block, button, clip, context, literal, type ModalView, name, plain } from './text.ts'

/** Slack's menus hold a hundred, and one choice is all of them. */
const PROJECTS_MAX = 99

export interface BudgetModal {
  readonly projects: readonly Project[]
  readonly budgets: readonly StoredBudget[]
  /** A project's id, or EVERYTHING. */
  readonly chosenProjectId: string
  /** Null is the simple form. */
  readonly options?: Omit<OptionsShown, 'standing'> | null
  /** What stands in the limit where there is no budget yet. */
  readonly proposed?: NanoUsd | null
}

/**
 * Fields of the limit and the channel carry the project in their id: Slack keeps what stands in a field of the same
 * id, and the limit of one project must not stay when another is chosen.
 */
export const budgetField = (field: string, shown: string): string => `${field}:${shown}`

/** For a budget to be made, or the one that a whole project has. */
export function budgetModal({
  projects,
  budgets,
  chosenProjectId,
  options = null,
  proposed = null,
}: BudgetModal): ModalView {
  const projectId = chosenProjectId === EVERYTHING ? null : chosenProjectId
  const found = budgets.find(({ budget }) => budget.scope.projectId === projectId && isWhole(budget.scope))
  const present = options === null ? (found ?? null) : null
  return {
    ...frame('Budget', writeFormRef({ shown: chosenProjectId, budgetId: null, unit: options?.unit ?? null })),
    blocks: [
      choiceField({
        id: FIELDS.project,
        label: 'Project',
        choices: [
          ...projects.slice(0, PROJECTS_MAX).map(({ id, name: text }) => ({ value: id, text })),
          { value: EVERYTHING, text: 'The whole organisation' },
        ],
        initial: chosenProjectId,
        // Another project has another limit; behind "More options" a budget is made that has none yet.
        tells: options === null,
      }),
      context(options === null ? presentText(present) : MAKES_ANOTHER),
      limitField(chosenProjectId, present, options !== null, proposed),
      channelField(chosenProjectId, present),
      ...(options === null ? [MORE] : [...optionBlocks({ ...options, standing: null }), LOOK]),
    ],
  }
}

/** For any budget that is there, all of it at once. */
export function changeModal(stored: StoredBudget, options: Omit<OptionsShown, 'standing'>): ModalView {
  const { budget } = stored
  const ref = writeFormRef({ shown: budget.id, budgetId: budget.id, unit: options.unit })
  const { each } = budget.scope
  const counted = each === null ? '' : ` It has the whole limit for each ${each}.`
  const words = scopeWords({ ...budget.scope, each: null }, budget.projectName)
  return {
    ...frame('Change a budget', ref),
    blocks: [
      context(
        `*${name(clip(budget.title, 60))}* covers ${literal(clip(words, 500))}.${counted} The project, and for whom it counts, make another budget: \`${COMMAND} budget\`. What was spent stays counted.`,
      ),
      limitField(budget.id, stored, true),
      channelField(budget.id, stored),
      ...optionBlocks({ ...options, standing: budget }),
      LOOK,
    ],
  }
}

const frame = (title: string, ref: string) =>
  ({
    type: 'modal',
    callback_id: VIEWS.budget,
    title: plain(title, 24),
    submit: plain('Save', 24),
    close: plain('Cancel', 24),
    private_metadata: ref,
  }) as const

const PREVIEW = button('Would it have stopped?', ACTIONS.previewStop, 'preview')
const MORE: Block = {
  type: 'actions',
  elements: [button('More options', ACTIONS.moreOptions, 'more'), PREVIEW],
}

const LOOK: Block = { type: 'actions', elements: [PREVIEW] }

const MAKES_ANOTHER = `This makes a budget of its own; one for the same calls and period is changed instead. To change any other, press *Change* in \`${COMMAND} budgets\`.`

function limitField(
  shown: string,
  present: StoredBudget | null,
  hasOptions: boolean,
  proposed: NanoUsd | null = null,
): Block {
  const initial = present?.budget.limit ?? proposed
  const stop = present === null ? 100 : stopPercentOf(present.budget.ladder)
  const hint = hasOptions
    ? 'What happens at which percent of it is further down.'
    : present === null || stop === 100
      ? 'People are told at 50, 75 and 90%. At 100% calls are refused until someone overrides.'
      : `Of calls, ${stopWords(present)}.`
  return {
    type: 'input',
    block_id: budgetField(FIELDS.limit, shown),
    label: plain('Limit in USD'),
    hint: plain(hint),
    element: {
      type: 'plain_text_input',
      action_id: FIELD_VALUE,
      placeholder: plain('250', 150),
      ...(initial === null ? {} : { initial_value: toUsdDecimal(initial).replace(/\.?0+$/, '') }),
    },
  }
}

function channelField(shown: string, present: StoredBudget | null): Block {
  return {
    type: 'input',
    block_id: budgetField(FIELDS.channel, shown),
    label: plain('Channel of its card'),
    hint: plain('LensAI must be in it: type /invite @LensAI there first.'),
    element: {
      type: 'conversations_select',
      action_id: FIELD_VALUE,
      filter: { include: ['public', 'private'], exclude_bot_users: true },
      ...(present?.channelId
        ? { initial_conversation: present.channelId }
        : { default_to_current_conversation: true }),
    },
  }
}

function presentText(present: StoredBudget | null): string {
  if (!present) return 'No budget yet. The limit is for each month, in UTC; *More options* has other periods.'
  const { budget, current, channelId } = present
  const where = channelId ? `, card in <#${channelId}>` : ''
  const { kind } = budget.periodRule
  const often = kind === 'span' ? 'once' : `a ${kind}`
  return `*${name(clip(budget.title, 60))}* has ${showUsd(budget.limit)} ${often} now, ${showUsd(current.spent)} of it spent${where}.`
}
