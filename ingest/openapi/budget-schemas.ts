/** What a budget is made of, on the wire. */
import {
  body,
  FLAG,
  INSTANT,
  list,
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
const percent = whole(1, 1000)
const patterns: Schema = {
  oneOf: [text(256), list(text(256), { minItems: 1, maxItems: 50 })],
  description: 'Any of these; `*` stands for any characters.',
}

const DEFINITION = {
  name: orNull(text(80)),
  scope: named('Scope'),
  period_rule: named('PeriodRule'),
  rollover: named('Rollover'),
  limit_usd: USD_SAID,
  thresholds_percent: list(percent, { maxItems: 20 }),
  ladder: list(named('Rung'), { maxItems: 20 }),
  mode: oneOf('cached', 'strict'),
  on_unreachable: oneOf('allow', 'deny'),
  on_unpriced: oneOf('estimate_high', 'allow', 'deny'),
  override_policy: orNull(named('OverridePolicy')),
  slack: orNull(
    body({ channel_id: { type: 'string' }, team_id: orNull({ type: 'string' }) }, ['channel_id']),
  ),
}

export const BUDGET_SCHEMAS: Readonly<Record<string, Schema>> = {
  Scope: {
    ...body({
      ...Object.fromEntries(
        ['provider', 'model', 'route', 'user', 'key', 'environment'].map((field) => [field, patterns]),
      ),
      tags: { type: 'object', additionalProperties: patterns, maxProperties: 16 },
      each: { enum: ['user', 'key', null], description: 'A counter for each, with the whole limit.' },
    }),
    description: "What of the project's calls is covered; all fields asked must hold. Empty covers all.",
  },
  PeriodRule: {
    oneOf: [
      body({ unit: { const: 'day' }, time_zone: name }, ['unit', 'time_zone']),
      body({ unit: { const: 'week' }, time_zone: name, starts_on: whole(1, 7) }, ['unit', 'time_zone']),
      body({ unit: { const: 'month' }, time_zone: name, starts_on: whole(1, 31) }, ['unit', 'time_zone']),
      body({ unit: { const: 'quarter' }, time_zone: name, starts_in: whole(1, 3), starts_on: whole(1, 31) }, [
        'unit',
        'time_zone',
      ]),
      body({ unit: { const: 'span' }, from: INSTANT, until: INSTANT }, ['unit', 'from', 'until']),
    ],
  },
  Rollover: {
    oneOf: [
      { const: 'none' },
      body({ carry: { const: 'unused' }, cap_percent: whole(1, 100) }, ['carry', 'cap_percent']),
    ],
  },
  Rung: {
    oneOf: [
      body({ percent, action: { const: 'downgrade' }, from: text(128), to: text(128) }, [
        ...['percent', 'action', 'from', 'to'],
      ]),
      body({ percent, action: { const: 'throttle' }, calls_per_minute: whole(1, 1_000_000) }, [
        ...['percent', 'action', 'calls_per_minute'],
      ]),
      body({ percent, action: { const: 'stop' }, environments: orNull(list(text(128), { minItems: 1 })) }, [
        ...['percent', 'action'],
      ]),
    ],
  },
  OverridePolicy: {
    ...body({
      approvers: {
        oneOf: [{ enum: ['admins', 'members'] }, list(text(128), { minItems: 1, maxItems: 50 })],
      },
      amount_max_usd: orNull(USD_SAID),
      amount_max_percent: orNull(percent),
      windows_s: list(whole(1, 31 * 86_400), { minItems: 1, maxItems: 20 }),
      second_person: FLAG,
      request_expires_s: whole(60, 7 * 86_400),
    }),
    description: 'Who may let calls pass the limit, how much, how long; null goes by the organisation.',
  },
  NewBudget: body(
    {
      project_id: {
        ...orNull(text(64)),
        description: 'Left out, the project of the key; null covers the whole organisation.',
      },
      ...DEFINITION,
    },
    ['limit_usd'],
  ),
  BudgetChange: body({ limit_revision: whole(1), ...DEFINITION }),
  Budget: object({
    id: name,
    project_id: orNull(name),
    project: orNull(name),
    ...DEFINITION,
    title: name,
    limit_usd: USD,
    limit_revision: whole(1),
    slack: orNull(object({ channel_id: name })),
    stopped: orNull(object({ since: INSTANT, by: name })),
    created_by: name,
    current: orNull(named('RunningPeriod')),
  }),
  RunningPeriod: object({
    period: name,
    period_from: INSTANT,
    period_until: INSTANT,
    state: oneOf('idle', 'open', 'warned', 'stopped', 'overridden'),
    stopped_by: { enum: ['limit', 'person', null] },
    spent_usd: USD,
    estimated_usd: USD,
    held_usd: USD,
    carried_usd: USD,
    limit_usd: USD,
    remaining_usd: USD,
    events: whole(0),
    unpriced_events: whole(0),
    override: orNull(named('Override')),
    lift_url: orNull(name),
  }),
  CountedPeriod: object({
    period: name,
    period_from: INSTANT,
    period_until: INSTANT,
    counter: name,
    spent_usd: USD,
    estimated_usd: USD,
    held_usd: USD,
    events: whole(0),
    unpriced_events: whole(0),
    limit_reached_at: orNull(INSTANT),
  }),
}
