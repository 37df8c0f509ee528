/** Every name that Slack sends back to us: commands, actions, views, fields. Written once, here. */

export const COMMAND = '/lens'

export const ACTIONS = {
  override: 'card_override',
  stop: 'card_stop',
  resume: 'card_resume',
  drivers: 'card_drivers',
  homeBudget: 'home_set_budget',
} as const

export const VIEWS = {
  budget: 'budget_set',
  override: 'override_grant',
  settings: 'settings_save',
} as const

/** Blocks that hold one input each; the input's action id is always `FIELD_VALUE`. */
export const FIELDS = {
  project: 'field_project',
  limit: 'field_limit',
  channel: 'field_channel',
  amount: 'field_amount',
  window: 'field_window',
  reason: 'field_reason',
  lifters: 'field_lifters',
  windows: 'field_windows',
  amountMax: 'field_amount_max',
} as const

export const FIELD_VALUE = 'value'

/** What a card's button carries: which budget, and the period that the card shows. */
export interface CardRef {
  readonly budgetId: string
  readonly periodFrom: Date
}

export const writeCardRef = ({ budgetId, periodFrom }: CardRef): string =>
  `${budgetId}|${periodFrom.toISOString()}`

export function readCardRef(text: string | undefined): CardRef | null {
  const [budgetId = '', from = ''] = (text ?? '').split('|')
  const periodFrom = new Date(from)
  if (budgetId === '' || Number.isNaN(periodFrom.getTime())) return null
  return { budgetId, periodFrom }
}
