/** The modal of `/lens budget`: which project, how much a month, and the channel of its card. */
import { isWhole } from '../../core/budget/scope.ts'
import { showUsd, toUsdDecimal } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { type Block, clip, context, type ModalView, name, plain } from './text.ts'

/** Slack's menus hold a hundred. */
const PROJECTS_MAX = 100

export interface BudgetModal {
  readonly projects: readonly Project[]
  readonly budgets: readonly StoredBudget[]
  readonly chosenProjectId: string
}

/**
 * Fields of the limit and the channel carry the project in their id: Slack keeps what stands in a field of the same
 * id, and the limit of one project must not stay when another is chosen.
 */
export const budgetField = (field: string, projectId: string): string => `${field}:${projectId}`

export function budgetModal({ projects, budgets, chosenProjectId }: BudgetModal): ModalView {
  const options = projects.slice(0, PROJECTS_MAX).map((project) => ({
    text: plain(project.name, 75),
    value: project.id,
  }))
  const initial = options.find(({ value }) => value === chosenProjectId)
  const present =
    budgets.find(({ budget }) => budget.scope.projectId === chosenProjectId && isWhole(budget.scope)) ?? null
  return {
    type: 'modal',
    callback_id: VIEWS.budget,
    title: plain('Monthly budget', 24),
    submit: plain('Save', 24),
    close: plain('Cancel', 24),
    private_metadata: chosenProjectId,
    blocks: [
      {
        type: 'input',
        block_id: FIELDS.project,
        dispatch_action: true,
        label: plain('Project'),
        element: {
          type: 'static_select',
          action_id: FIELD_VALUE,
          options,
          ...(initial ? { initial_option: initial } : {}),
        },
      },
      context(presentText(present)),
      limitField(chosenProjectId, present),
      channelField(chosenProjectId, present),
    ],
  }
}

function limitField(projectId: string, present: StoredBudget | null): Block {
  return {
    type: 'input',
    block_id: budgetField(FIELDS.limit, projectId),
    label: plain('Monthly limit in USD'),
    hint: plain('People are told at 50, 75 and 90%. At 100% calls are refused until someone overrides.'),
    element: {
      type: 'plain_text_input',
      action_id: FIELD_VALUE,
      placeholder: plain('250', 150),
      ...(present ? { initial_value: toUsdDecimal(present.budget.limit).replace(/\.?0+$/, '') } : {}),
    },
  }
}

function channelField(projectId: string, present: StoredBudget | null): Block {
  return {
    type: 'input',
    block_id: budgetField(FIELDS.channel, projectId),
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
  if (!present) return 'No budget yet.'
  const { budget, current, channelId } = present
  const where = channelId ? `, card in <#${channelId}>` : ''
  return `*${name(clip(budget.title, 60))}* has ${showUsd(budget.limit)} a month now, ${showUsd(current.spent)} of it spent${where}.`
}
