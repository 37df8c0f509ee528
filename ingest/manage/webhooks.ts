/**
 * GET and POST /v1/webhooks, GET, PATCH and DELETE /v1/webhooks/{id}: who is told of what, by a key that reaches the whole
 * organisation, since a webhook hears of all of it.
 * Invariant: a secret is answered once, by the call that made it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '../../core/ids.ts'
import type { Webhook } from '../../db/postgres/webhooks.ts'
import { Refusal } from '../errors.ts'
import { answering, idOf, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { onceOf } from './idempotency.ts'
import {
  type Manager,
  managerOf,
  type Reach,
  readerOf,
  requireWideManager,
  requireWideReader,
} from './manager.ts'
import { pageOf, readQuery, toPage } from './pages.ts'
import { parseNewWebhook, parseWebhookChange } from './parse-webhook.ts'
import { toWebhookJson } from './webhook-json.ts'

export function registerWebhooks(app: FastifyInstance, deps: ManageDeps): void {
  const { webhooks } = deps.manage
  const reading = { onRequest: requireWideReader(deps) }
  const changing = { onRequest: requireWideManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX }
  const show = (reply: FastifyReply, webhook: Webhook): FastifyReply =>
    reply.send(toWebhookJson(webhook, deps.now()))

  app.get(
    '/v1/webhooks',
    reading,
    answering(async (request, reply) => {
      const fields = readQuery(request.query)
      const page = fields.finish(pageOf(fields, (text) => isId('whk', text)))
      const rows = await webhooks.list(readerOf(request).orgId, { ...page, rowsMax: page.rowsMax + 1 })
      const item = (webhook: Webhook) => toWebhookJson(webhook, deps.now())
      return reply.send(toPage(rows, page, { item, known: ({ id }) => id }))
    }),
  )

  app.post(
    '/v1/webhooks',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const endpoint = parseNewWebhook(request.body ?? null, webhooks.rules)
      const added = await webhooks.add({
        ...{ orgId: manager.orgId, endpoint, by: manager.person, origin: 'api' },
        once: onceOf(request, manager),
      })
      if (added.kind === 'refused') {
        throw new Refusal(added.why === 'too_many' ? 'webhooks_too_many' : 'idempotency_key_reused')
      }
      if (added.kind === 'repeated') reply.header('idempotency-replayed', 'true')
      const secret = added.kind === 'added' ? added.secret : null
      const { webhook } = added
      reply.code(201).header('location', `/v1/webhooks/${webhook.id}`)
      return reply.send({ ...toWebhookJson(webhook, deps.now()), secret })
    }),
  )

  app.get(
    '/v1/webhooks/:id',
    reading,
    answering(async (request, reply) => show(reply, await webhookOf(deps, readerOf(request), request))),
  )

  app.patch(
    '/v1/webhooks/:id',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const webhook = await webhookOf(deps, manager, request)
      const change = parseWebhookChange(request.body ?? null, webhooks.rules, webhook)
      const changed = await webhooks.change({ ...oneOf(manager, webhook), change })
      if (changed === null) throw new Refusal('webhook_unknown')
      return show(reply, changed)
    }),
  )

  app.delete(
    '/v1/webhooks/:id',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const webhook = await webhookOf(deps, manager, request)
      const outcome = await webhooks.remove(oneOf(manager, webhook))
      if (outcome !== 'done') throw new Refusal('webhook_unknown')
      return reply.code(204).send()
    }),
  )
}

export async function webhookOf(
  { manage }: ManageDeps,
  { orgId }: Reach,
  request: FastifyRequest,
): Promise<Webhook> {
  const webhook = await manage.webhooks.find(orgId, idOf(request))
  if (webhook === null) throw new Refusal('webhook_unknown')
  return webhook
}

export const oneOf = ({ orgId, person }: Manager, { id }: Webhook) =>
  ({ orgId, webhookId: id, by: person, origin: 'api' }) as const
