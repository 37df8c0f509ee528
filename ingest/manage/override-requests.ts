/** GET /v1/override-requests, POST /v1/override-requests/{id}/approve and /deny: what a second person decides. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RequestDecision } from '../../core/budget/override-request.ts'
import { isId } from '../../core/ids.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { RequestDecided } from '../../db/postgres/override-requests.ts'
import { Refusal } from '../errors.ts'
import { answering, idOf, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { toOverrideJson } from './budget-json.ts'
import { approverOf, type Manager, managerOf, readerOf, requireManager, requireReader } from './manager.ts'
import { overrideRefused } from './override-refused.ts'
import { toRequestJson } from './override-request-json.ts'
import { pageOf, readQuery, toPage } from './pages.ts'
import { type Fields, readFields } from './read-fields.ts'

const STATES = ['pending', 'granted', 'denied', 'expired'] as const
const REASON_CHARS_MAX = 500
const ID_CHARS_MAX = 64

export function registerOverrideRequests(app: FastifyInstance, deps: ManageDeps): void {
  app.get(
    '/v1/override-requests',
    { onRequest: requireReader(deps) },
    answering(async (request, reply) => {
      const fields = readQuery(request.query, ['state', 'budget_id'])
      const filter = { state: stateOf(fields), budgetId: fields.textOrNull('budget_id', ID_CHARS_MAX) }
      const page = fields.finish(pageOf(fields, (text) => isId('req', text)))
      const asked = { ...page, rowsMax: page.rowsMax + 1 }
      const rows = await deps.manage.requests(readerOf(request), filter, asked)
      return reply.send(toPage(rows, page, { item: toRequestJson, known: ({ id }) => id }))
    }),
  )

  const deciding = { onRequest: requireManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX }
  app.post(
    '/v1/override-requests/:id/approve',
    deciding,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      readFields(request.body ?? {}, []).finish(null)
      return await decide(deps, { request, reply }, manager, { kind: 'approve', by: approverOf(manager) })
    }),
  )
  app.post(
    '/v1/override-requests/:id/deny',
    deciding,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const fields = readFields(request.body ?? null, ['reason'])
      const reason = fields.text('reason', REASON_CHARS_MAX)
      const decision = fields.finish({ kind: 'deny', by: approverOf(manager), reason } as const)
      return await decide(deps, { request, reply }, manager, decision)
    }),
  )
}

async function decide(
  { manage }: ManageDeps,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  manager: Manager,
  decision: RequestDecision,
): Promise<FastifyReply> {
  const [found] = await manage.requests(manager, { requestId: idOf(request) }, { after: null, rowsMax: 1 })
  if (!found) throw new Refusal('request_unknown')
  const deciding = { orgId: manager.orgId, requestId: found.id, decision, origin: 'api' } as const
  return reply.send(answerOf(await manage.decide(deciding)))
}

function answerOf(decided: RequestDecided) {
  switch (decided.kind) {
    case 'granted':
      return { request: toRequestJson(decided.request), override: toOverrideJson(decided.override) }
    case 'denied':
    case 'already':
      return { request: toRequestJson(decided.request), override: null }
    case 'expired':
      throw new Refusal('request_decided')
    case 'request_unknown':
      throw new Refusal('request_unknown')
    case 'refused':
      throw refusalOf(decided.refusal)
    default:
      return unreachable(decided)
  }
}

function refusalOf(refusal: Extract<RequestDecided, { kind: 'refused' }>['refusal']): Refusal {
  switch (refusal) {
    case 'own_request':
      return new Refusal('own_request')
    case 'already_decided':
      return new Refusal('request_decided')
    default:
      return overrideRefused(refusal)
  }
}

function stateOf(fields: Fields) {
  if (!fields.has('state')) return null
  return fields.choice('state', STATES, 'pending')
}
