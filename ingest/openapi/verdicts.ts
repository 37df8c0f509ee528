/** What clients ask before a call: the verdict of their project, once and as a stream. */
import { LIFTERS } from '../../core/budget/budget.ts'
import {
  answers,
  FLAG,
  INSTANT,
  keyWith,
  list,
  NANO_USD,
  named,
  object,
  oneOf,
  orNull,
  type Paths,
  refusals,
  type Schema,
  whole,
} from './schema.ts'

const name: Schema = { type: 'string' }

export const VERDICT_SCHEMAS: Readonly<Record<string, Schema>> = {
  Verdict: object({
    project_id: name,
    key_id: { type: 'string', description: 'The key that asked, as budgets over keys name it.' },
    allowed: FLAG,
    as_of: INSTANT,
    stops: list(object({ reach: oneOf('project', 'organisation'), since: INSTANT, by: name, reason: name })),
    budgets: list(named('BudgetVerdict')),
  }),
  BudgetVerdict: object({
    budget_id: name,
    title: name,
    project: orNull(name),
    scope: named('Scope'),
    counter: { type: 'string', description: 'Empty, or whose counter it is: `user:ID`, `key:ID`.' },
    mode: oneOf('cached', 'strict'),
    ask_first: FLAG,
    on_unreachable: oneOf('allow', 'deny'),
    state: oneOf('idle', 'open', 'warned', 'stopped', 'overridden'),
    stopped_by: { enum: ['limit', 'person', null] },
    since: orNull(INSTANT),
    downgrades: list(object({ from: name, to: name })),
    calls_per_minute: orNull(whole(1)),
    stopped_environments: list(name),
    ask_first_models: list(name),
    period: name,
    period_from: INSTANT,
    price_version: name,
    spent_nano_usd: NANO_USD,
    estimated_nano_usd: NANO_USD,
    held_nano_usd: NANO_USD,
    limit_nano_usd: NANO_USD,
    remaining_nano_usd: NANO_USD,
    ceiling_nano_usd: orNull(NANO_USD),
    until: orNull(INSTANT),
    resets_at: INSTANT,
    lifters: oneOf(...LIFTERS),
    lift_url: orNull(name),
  }),
}

const reads = { tags: ['Verdicts'], security: keyWith('verdicts') } as const

export const VERDICTS: Paths = {
  '/v1/verdicts': {
    get: {
      ...reads,
      operationId: 'getVerdict',
      summary: "Whether the key's project may call, and what of its budgets stands in the way",
      responses: { '200': answers('The verdict as of now.', named('Verdict')), ...refusals() },
    },
  },
  '/v1/verdicts/stream': {
    get: {
      ...reads,
      operationId: 'streamVerdicts',
      summary: 'The verdict as server-sent events: one at once, one on every change',
      responses: {
        '200': {
          description: 'Each `event: verdict` has a Verdict as its data.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        ...refusals(),
      },
    },
  },
}
