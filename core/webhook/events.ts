/** What a webhook can tell of. A name once given keeps its meaning: receivers branch on it. */
export const WEBHOOK_EVENTS = [
  'budget.stopped',
  'budget.lifted',
  'budget.resumed',
  'budget.threshold_crossed',
  'budget.override_granted',
  'budget.override_ended',
  'budget.period_opened',
  /** A person refused, or let pass again, all calls of a project or of the organisation, budgets or not. */
  'calls.stopped',
  'calls.resumed',
] as const
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number]
