/**
 * POST /v1/budgets/{id}/overrides: leave to spend past the limit, granted at once or kept as a request for a second
 * person; DELETE /v1/budgets/{id}/overrides/current takes the running one back.
 */
import type { FastifyInstance } from 'fastify'
import { PERCENT_MAX } from '../../core/budget/override-policy.ts'
import { ONE_COUNTER, type Scope } from '../../core/budget/scope.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { OverrideAskOutcome } from '../../db/postgres/ask-override.ts'
import { Refusal } from '../errors.ts'
import { answering, budgetOf, idOf, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { toOverrideJson } from './budget-json.ts'
import { onceOf } from './idempotency.ts'
import { approverOf, managerOf, requireManager } from './manager.ts'
import { overrideRefused } from './override-refused.ts'
import { toRequestJson } from './override-request-json.ts'
import { type Fields, readFields } from './read-fields.ts'

const REASON_CHARS_MAX = 500
const COUNTER_CHARS_MAX = 300
const WINDOW_S_MAX = 31 * 86_400
export const OVERRIDE_FIELDS = ['amount_usd', 'amount_percent', 'window_s', 'reason', 'counter']

export function registerOverrides(app: FastifyInstance, deps: ManageDeps): void {
  const changing = { onRequest: requireManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX }
  app.post(
    '/v1/budgets/:id/overrides',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const fields = readFields(request.body ?? null, OVERRIDE_FIELDS)
      const said = {
        amount: amountOf(fields),
        windowS: fields.integer('window_s', { from: 1, to: WINDOW_S_MAX }),
        reason: fields.text('reason', REASON_CHARS_MAX),
      }
      const { budget } = await budgetOf(deps, manager, idOf(request))
      const counter = counterOf(fields, budget.scope)
      const outcome = await deps.manage.askOverride({
        ...fields.finish({ ...said, counter }),
        ...{ orgId: manager.orgId, budgetId: budget.id, by: approverOf(manager), origin: 'api' },
        once: onceOf(request, manager),
      })
      const answer = answerOf(outcome)
      if (answer.isRepeat) reply.header('idempotency-replayed', 'true')
      return reply.code(answer.status).send(answer.body)
    }),
  )

  app.delete(
    '/v1/budgets/:id/overrides/current',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const fields = readFields(request.query, ['counter'])
      const { budget } = await budgetOf(deps, manager, idOf(request))
      const counter = fields.finish(counterOf(fields, budget.scope))
      const deed = { orgId: manager.orgId, budgetId: budget.id, by: manager.person, origin: 'api' } as const
      const outcome = await deps.manage.revokeOverride({ ...deed, counter })
      if (outcome === 'budget_unknown') throw new Refusal('budget_unknown')
      if (outcome === 'none_running') throw new Refusal('override_unknown')
      return reply.code(204).send()
    }),
  )
}

function amountOf(fields: Fields) {
  if (fields.has('amount_usd') && fields.has('amount_percent')) {
    fields.complain('amount_percent', 'is given beside amount_usd; give one of them')
  }
  return fields.has('amount_percent')
    ? { percent: fields.integer('amount_percent', { from: 1, to: PERCENT_MAX }) }
    : fields.amount('amount_usd')
}

/** Of a budget with a counter for each user or key it must be said whose. */
function counterOf(fields: Fields, { each }: Scope): string {
  const counter = fields.textOrNull('counter', COUNTER_CHARS_MAX) ?? ONE_COUNTER
  if (each === null) {
    if (counter !== ONE_COUNTER)
      fields.complain('counter', 'is for a budget with a counter each; leave it out')
  } else if (!counter.startsWith(`${each}:`)) {
    fields.complain('counter', `must say whose counter, as "${each}:ID"`)
  }
  return counter
}

interface Answer {
  readonly status: number
  readonly body: object
  readonly isRepeat: boolean
}

function answerOf(outcome: OverrideAskOutcome): Answer {
  switch (outcome.kind) {
    case 'granted': {
      const { override, isRepeat } = outcome
      return {
        status: 201,
        isRepeat,
        body: { outcome: 'granted', override: toOverrideJson(override), request: null },
      }
    }
    case 'requested': {
      const { request, isRepeat } = outcome
      return {
        status: 202,
        isRepeat,
        body: { outcome: 'requested', override: null, request: toRequestJson(request) },
      }
    }
    case 'refused':
      throw overrideRefused(outcome.refusal)
    case 'pending_already':
      throw new Refusal('request_pending')
    case 'budget_unknown':
      throw new Refusal('budget_unknown')
    case 'key_reused':
      throw new Refusal('idempotency_key_reused')
    default:
      return unreachable(outcome)
  }
}
