/** Every name that Slack sends back to us: commands, actions, views, fields. Written once, here. */
import { createHash } from 'node:crypto'
import { QUIET_CHOICES, type QuietChoice } from '../core/budget/quiet.ts'
import { type Counter, ONE_COUNTER } from '../core/budget/scope.ts'

export const COMMAND = '/lens'

/** What the app asks for when it is installed: the least, and nothing that reads what people write. */
export const BOT_SCOPES = ['chat:write', 'commands', 'files:write', 'im:write', 'users:read'] as const

export const ACTIONS = {
  override: 'card_override',
  overrideCounter: 'card_override_counter',
  stop: 'card_stop',
  resume: 'card_resume',
  drivers: 'card_drivers',
  acknowledge: 'card_acknowledge',
  /** The overflow menu: what is not needed at once. */
  cardMore: 'card_more',
  approveRequest: 'request_approve',
  denyRequest: 'request_deny',
  takeBackRequest: 'request_take_back',
  homeBudget: 'home_set_budget',
  homeProject: 'home_project',
  homeRange: 'home_range',
  previewStop: 'budget_preview',
  changeBudget: 'budget_change',
  moreOptions: 'budget_more_options',
  resumeWidely: 'wide_resume',
  runSuggestion: 'lens_run',
  shareAnswer: 'lens_share',
  nameProject: 'project_name',
  newKey: 'key_new',
  revokeKey: 'key_revoke',
  /** Opens the form of somebody's role. */
  giveRole: 'role_give',
  /** Opens the form of who sees the project that is chosen. */
  showProjectPeople: 'project_people',
  /** Opens the form of a budget with the limit that the first hour suggests. */
  proposedBudget: 'budget_proposed',
} as const

export const VIEWS = {
  budget: 'budget_set',
  override: 'override_grant',
  /** The same form, where it becomes a request for another person. */
  askOverride: 'override_ask',
  denyRequest: 'request_deny',
  settings: 'settings_save',
  stopWidely: 'wide_stop',
  nameProject: 'project_name',
  newKey: 'key_new',
  revokeKey: 'key_revoke',
  digest: 'digest_set',
  role: 'role_give',
  projectPeople: 'project_people',
} as const

export const SHORTCUTS = {
  spend: 'shortcut_spend',
  budget: 'shortcut_budget',
  /** Of a message. */
  answer: 'shortcut_answer',
} as const

/** Blocks that hold one input each; the input's action id is always `FIELD_VALUE`. */
export const FIELDS = {
  project: 'field_project',
  projectName: 'field_project_name',
  key: 'field_key',
  limit: 'field_limit',
  channel: 'field_channel',
  amount: 'field_amount',
  /** Holds no input: what the others come to. */
  preview: 'field_preview',
  window: 'field_window',
  reason: 'field_reason',
  lifters: 'field_lifters',
  windows: 'field_windows',
  amountMax: 'field_amount_max',
  reach: 'field_reach',
  name: 'field_name',
  period: 'field_period',
  startsOn: 'field_starts_on',
  startsIn: 'field_starts_in',
  timeZone: 'field_time_zone',
  each: 'field_each',
  mode: 'field_mode',
  stopAt: 'field_stop_at',
  rungs: 'field_rungs',
  often: 'field_often',
  hour: 'field_hour',
  person: 'field_person',
  role: 'field_role',
  visibility: 'field_visibility',
  people: 'field_people',
  /** With the field of the scope after it: `field_match:model`. */
  match: 'field_match',
} as const

export const FIELD_VALUE = 'value'

/** In place of a project's id, where the whole organisation is meant. */
export const EVERYTHING = 'everything'

/** What a card's button carries: which budget, the period that the card shows, and where it has many, which counter. */
export interface CardRef {
  readonly budgetId: string
  readonly periodFrom: Date
  readonly counter: Counter
}

/** Slack takes 150 characters for a choice of a menu; the budget and the period leave about so many for a counter. */
const COUNTER_CHARS_MAX = 80

export const writeCardRef = ({
  budgetId,
  periodFrom,
  counter = ONE_COUNTER,
}: Omit<CardRef, 'counter'> & Partial<CardRef>): string =>
  [budgetId, periodFrom.toISOString(), ...(counter === ONE_COUNTER ? [] : [shortOf(counter)])].join('|')

/** Cards that were posted before budgets had counters carry none. */
export function readCardRef(text: string | undefined): CardRef | null {
  const [budgetId = '', from = '', ...counter] = (text ?? '').split('|')
  const periodFrom = new Date(from)
  if (budgetId === '' || Number.isNaN(periodFrom.getTime())) return null
  return { budgetId, periodFrom, counter: counter.join('|') }
}

/** What a choice of a card's menu does. */
export type CardMore = 'adjust' | 'loud' | QuietChoice

export const writeMore = (does: CardMore, ref: string): string => `${does}|${ref}`

/** Null for what no card of ours offers. */
export function readMore(text: string): { readonly does: CardMore; readonly ref: string } | null {
  const [first = '', ...ref] = text.split('|')
  const does = (['adjust', 'loud', ...QUIET_CHOICES] as const).find((one) => one === first)
  return does === undefined ? null : { does, ref: ref.join('|') }
}

/** Whether a reference names this counter: a long one is carried as its digest. */
export const isReferredTo = (counter: Counter, ref: CardRef): boolean => shortOf(counter) === ref.counter

const shortOf = (counter: Counter): string =>
  counter.length <= COUNTER_CHARS_MAX
    ? counter
    : `#${createHash('sha256').update(counter).digest('hex').slice(0, 40)}`
