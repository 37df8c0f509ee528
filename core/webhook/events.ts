/** What a webhook can tell of. A name once given keeps its meaning: receivers branch on it. */
export const WEBHOOK_EVENTS = [
  /** A person refused, or let pass again, all calls of a project or of the organisation, budgets or not. */
  'calls.stopped',
  'calls.resumed',
  'budget.stopped',
  'budget.lifted',
  'budget.resumed',
  'budget.threshold_crossed',
  'budget.override_granted',
  'budget.override_ended',
  'budget.period_opened',
] as const
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number]
