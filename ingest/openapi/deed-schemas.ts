/** Overrides, requests for them, stops, and what was done, on the wire. */
import {
  body,
  FLAG,
  INSTANT,
  named,
  object,
  oneOf,
  orNull,
  type Schema,
  text,
  USD,
  USD_SAID,
  whole,
} from './schema.ts'

const name: Schema = { type: 'string' }
const reason = text(500)

export const DEED_SCHEMAS: Readonly<Record<string, Schema>> = {
  NewOverride: {
    ...body(
      {
        amount_usd: USD_SAID,
        amount_percent: { ...whole(1, 1000), description: 'Of the limit in the running period.' },
        window_s: whole(1, 31 * 86_400),
        reason,
        counter: {
          ...orNull(text(300)),
          description: 'Whose, as `user:ID`, where the budget has a counter each.',
        },
      },
      ['window_s', 'reason'],
    ),
    oneOf: [{ required: ['amount_usd'] }, { required: ['amount_percent'] }],
  },
  Override: object({
    id: name,
    amount_usd: USD,
    ceiling_usd: { ...USD, description: 'The spend of the period at which it is used up.' },
    granted_at: INSTANT,
    until: INSTANT,
    granted_by: name,
    reason: name,
  }),
  OverrideAnswer: object({
    outcome: oneOf('granted', 'requested'),
    override: orNull(named('Override')),
    request: orNull(named('OverrideRequest')),
  }),
  OverrideRequest: object({
    id: name,
    budget_id: name,
    counter: name,
    period_from: INSTANT,
    state: oneOf('pending', 'granted', 'denied', 'expired'),
    amount_usd: USD,
    window_s: whole(1),
    reason: name,
    requested_by: name,
    requested_at: INSTANT,
    expires_at: INSTANT,
    decided_by: orNull(name),
    decided_at: orNull(INSTANT),
    deny_reason: orNull(name),
  }),
  Decided: object({
    request: named('OverrideRequest'),
    override: { ...orNull(named('Override')), description: 'What was granted by this very call.' },
  }),
  Denial: body({ reason }, ['reason']),
  NewStop: body({ reason }, ['reason']),
  BudgetStop: object({ changed: FLAG, budget: named('Budget') }),
  WideStop: object({
    reach: oneOf('organisation', 'project'),
    project_id: orNull(name),
    stopped: FLAG,
    changed: FLAG,
  }),
  Deed: object({
    id: name,
    at: INSTANT,
    actor: name,
    action: name,
    subject: name,
    origin: oneOf('slack', 'ledger', 'job', 'cli', 'api'),
    before: orNull({ type: 'object' }),
    after: orNull({ type: 'object' }),
  }),
}
