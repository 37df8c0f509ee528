/** What is described of webhooks: who is told, what was sent, and sending it again. */
import { DELIVERY_STATES } from '../../core/webhook/delivery.ts'
import { WEBHOOK_EVENTS } from '../../core/webhook/events.ts'
import { SECRET_OVERLAP_MS_MAX } from '../../core/webhook/signature.ts'
import { DONE, idOf, manages, ONCE, query, reads } from './manage-words.ts'
import { PAGE_PARAMETERS, pageOf } from './page.ts'
import * as say from './schema.ts'

const name: say.Schema = { type: 'string' }
const url: say.Schema = { type: 'string', minLength: 1, maxLength: 2048 }
const events: say.Schema = {
  ...say.orNull(say.list(say.oneOf(...WEBHOOK_EVENTS), { minItems: 1 })),
  description: 'Which are told; null is every event, those to come included.',
}

const WEBHOOK = {
  id: name,
  url: { ...url, description: 'What a query holds is not shown.' },
  events,
  enabled: say.FLAG,
  disabled_at: say.orNull(say.INSTANT),
  disabled_why: { enum: ['person', 'gone', null], description: '`gone`: it answered 410.' },
  paused_until: { ...say.orNull(say.INSTANT), description: 'The receiver asked for time.' },
  previous_secret_until: { ...say.orNull(say.INSTANT), description: 'Two secrets sign until then.' },
  created_by: name,
  created_at: say.INSTANT,
}

export const WEBHOOK_SCHEMAS: Readonly<Record<string, say.Schema>> = {
  NewWebhook: say.body({ url, events }, ['url']),
  WebhookChange: say.body({ url, events, enabled: say.FLAG }),
  Webhook: say.object(WEBHOOK),
  WebhookWithSecret: say.object({
    ...WEBHOOK,
    secret: {
      ...say.orNull({ type: 'string', pattern: '^whsec_' }),
      description: 'Shown by the one call that made it; null when that call is sent again.',
    },
  }),
  SecretRotation: say.body({ overlap_s: say.whole(0, SECRET_OVERLAP_MS_MAX / 1000) }),
  WebhookDelivery: say.object({
    id: { ...name, description: 'The webhook-id.' },
    type: say.oneOf(...WEBHOOK_EVENTS),
    budget_id: say.orNull(name),
    state: say.oneOf(...DELIVERY_STATES),
    attempts: say.whole(0),
    attempts_left: say.whole(0),
    next_attempt_at: say.orNull(say.INSTANT),
    last_attempt_at: say.orNull(say.INSTANT),
    last_status: { ...say.orNull(say.whole(100, 999)), description: 'What was answered last, if anything.' },
    last_error: say.orNull(name),
    created_at: say.INSTANT,
    delivered_at: say.orNull(say.INSTANT),
    body: { type: 'object' },
  }),
  Replay: {
    ...say.body({ delivery_id: say.text(64), failed_since: say.INSTANT }),
    oneOf: [{ required: ['delivery_id'] }, { required: ['failed_since'] }],
  },
  Replayed: say.object({ replayed: { ...say.whole(0), description: 'How many are due again.' } }),
}

export const WEBHOOKS: say.Paths = {
  '/v1/webhooks': {
    get: {
      ...reads,
      operationId: 'listWebhooks',
      summary: 'The webhooks of the organisation',
      parameters: PAGE_PARAMETERS,
      responses: { '200': say.answers('A page of webhooks.', pageOf('Webhook')), ...say.refusals() },
    },
    post: {
      ...manages,
      operationId: 'makeWebhook',
      summary: 'Makes a webhook, and says its secret once',
      parameters: [ONCE],
      requestBody: say.takes(say.named('NewWebhook')),
      responses: {
        '201': say.answers('The webhook.', say.named('WebhookWithSecret')),
        ...say.refusals(409, 422),
      },
    },
  },
  '/v1/webhooks/{id}': {
    get: {
      ...reads,
      operationId: 'getWebhook',
      summary: 'A webhook',
      parameters: [idOf('webhook')],
      responses: { '200': say.answers('The webhook.', say.named('Webhook')), ...say.refusals(404) },
    },
    patch: {
      ...manages,
      operationId: 'changeWebhook',
      summary: 'Changes where a webhook leads, what it hears, and whether anything is sent',
      parameters: [idOf('webhook')],
      requestBody: say.takes(say.named('WebhookChange')),
      responses: { '200': say.answers('The webhook.', say.named('Webhook')), ...say.refusals(404) },
    },
    delete: {
      ...manages,
      operationId: 'removeWebhook',
      summary: 'Ends a webhook for good; what was still to be sent is not',
      parameters: [idOf('webhook')],
      responses: { '204': DONE, ...say.refusals(404) },
    },
  },
  '/v1/webhooks/{id}/rotate': {
    post: {
      ...manages,
      operationId: 'rotateWebhookSecret',
      summary: 'Makes the secret that follows, and says it once; both sign until the overlap ends',
      parameters: [idOf('webhook'), ONCE],
      requestBody: say.takes(say.named('SecretRotation'), false),
      responses: {
        '200': say.answers('The webhook.', say.named('WebhookWithSecret')),
        ...say.refusals(404, 409, 422),
      },
    },
  },
  '/v1/webhooks/{id}/deliveries': {
    get: {
      ...reads,
      operationId: 'listWebhookDeliveries',
      summary: 'What was sent or is to be, the youngest first, of the last 30 days',
      parameters: [
        idOf('webhook'),
        query('state', 'Those in this state alone.', say.oneOf(...DELIVERY_STATES)),
        ...PAGE_PARAMETERS,
      ],
      responses: {
        '200': say.answers('A page of deliveries.', pageOf('WebhookDelivery')),
        ...say.refusals(404),
      },
    },
  },
  '/v1/webhooks/{id}/replay': {
    post: {
      ...manages,
      operationId: 'replayWebhookDeliveries',
      summary: 'Sends a delivery again, or all that failed since an instant, under the ids that they have',
      parameters: [idOf('webhook'), ONCE],
      requestBody: say.takes(say.named('Replay')),
      responses: {
        '200': say.answers('They are due at once.', say.named('Replayed')),
        ...say.refusals(404, 409, 422),
      },
    },
  },
}
