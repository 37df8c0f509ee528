/** What strict clients ask before a call: that what it may cost is set aside. */
import { LIFTERS } from '../../core/budget/budget.ts'
import {
  answers,
  FLAG,
  INSTANT,
  keyWith,
  named,
  object,
  oneOf,
  orNull,
  type Parameter,
  type Paths,
  refusals,
  type Schema,
  takes,
  text,
  USD,
  USD_SAID,
  whole,
} from './schema.ts'

const name: Schema = { type: 'string' }

export const HOLD_SCHEMAS: Readonly<Record<string, Schema>> = {
  HoldAsked: {
    ...{ type: 'object', required: ['request_id', 'provider', 'model'] },
    properties: {
      request_id: text(128),
      attempt: whole(1, 100),
      provider: text(64),
      model: text(128),
      max_tokens: orNull(whole(0)),
      input_tokens: orNull(whole(0)),
      input_bytes: orNull(whole(0)),
      max_usd: USD_SAID,
      service_tier: orNull(text(256)),
      n: whole(1),
      route: orNull(text(256)),
      user_id: orNull(text(256)),
      environment: text(64),
      tags: { type: 'object', additionalProperties: { type: 'string' } },
      ttl_s: whole(10, 3600),
      tools: FLAG,
    },
  },
  HoldGranted: object({
    hold_id: orNull(name),
    granted: { const: true },
    amount_usd: USD,
    price_version: orNull(name),
    expires_at: orNull(INSTANT),
    counted_until: orNull(INSTANT),
  }),
  Hold: object({
    hold_id: name,
    request_id: name,
    attempt: whole(1, 100),
    state: oneOf('live', 'settled', 'released', 'expired'),
    amount_usd: USD,
    price_version: orNull(name),
    created_at: INSTANT,
    expires_at: INSTANT,
    counted_until: INSTANT,
    ended_at: orNull(INSTANT),
    settled_usd: orNull(USD),
    over: FLAG,
  }),
  HoldRefused: object({ granted: { const: false }, refused_by: named('Explanation') }),
  Explanation: object({
    reason: oneOf('limit', 'person', 'hold_too_large', 'unpriced', 'environment', 'wide_stop'),
    budget_id: orNull(name),
    title: name,
    scope: orNull(named('Scope')),
    counter: name,
    period: orNull(name),
    spent_usd: orNull(USD),
    estimated_usd: orNull(USD),
    held_usd: orNull(USD),
    limit_usd: orNull(USD),
    available_usd: orNull(USD),
    wanted_usd: orNull(USD),
    price_version: name,
    since: orNull(INSTANT),
    resets_at: orNull(INSTANT),
    lifters: oneOf(...LIFTERS),
    lift_url: orNull(name),
    message: name,
  }),
}

const holds = { tags: ['Holds'], security: keyWith('holds') } as const
const ID: Parameter = {
  ...{ name: 'id', in: 'path', required: true },
  ...{ description: 'The hold, as it was granted.', schema: name },
}

export const HOLDS: Paths = {
  '/v1/holds': {
    post: {
      ...holds,
      operationId: 'askHold',
      summary:
        'Sets aside what a call may cost at most; asked again for the same attempt, the answer is the same',
      requestBody: takes(named('HoldAsked')),
      responses: {
        '200': answers('Granted, or refused with the reason.', {
          oneOf: [named('HoldGranted'), named('HoldRefused')],
        }),
        ...refusals(),
      },
    },
  },
  '/v1/holds/{id}': {
    get: {
      ...holds,
      operationId: 'getHold',
      summary: 'How a hold stands',
      parameters: [ID],
      responses: { '200': answers('The hold.', named('Hold')), ...refusals(404) },
    },
  },
  '/v1/holds/{id}/settle': {
    post: {
      ...holds,
      operationId: 'settleHold',
      summary: 'Says what the call cost',
      parameters: [ID],
      requestBody: takes({ type: 'object', required: ['cost_usd'], properties: { cost_usd: USD_SAID } }),
      responses: {
        '200': answers('It is posted.', object({ settled_usd: USD, over: FLAG })),
        ...refusals(404),
      },
    },
  },
  '/v1/holds/{id}/release': {
    post: {
      ...holds,
      operationId: 'releaseHold',
      summary: 'Gives back what a call that was not made would have cost',
      parameters: [ID],
      responses: {
        '200': answers(
          'It is given back.',
          object({ released: FLAG, state: oneOf('live', 'settled', 'released', 'expired') }),
        ),
        ...refusals(404),
      },
    },
  },
}
