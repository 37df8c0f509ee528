/** POST /v1/budgets/{id}/stop and /resume: "Stop now" of one budget, and its end. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../errors.ts'
import { answering, budgetOf, idOf, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { toBudgetJson } from './budget-json.ts'
import { managerOf, requireManager } from './manager.ts'
import { readFields } from './read-fields.ts'

export function registerBudgetStops(app: FastifyInstance, deps: ManageDeps): void {
  for (const verb of ['stop', 'resume'] as const) {
    app.post(
      `/v1/budgets/:id/${verb}`,
      { onRequest: requireManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX },
      answering(async (request, reply) => {
        const manager = managerOf(request)
        readFields(request.body ?? {}, []).finish(null)
        const { budget } = await budgetOf(deps, manager, idOf(request))
        const deed = { orgId: manager.orgId, budgetId: budget.id, by: manager.person, origin: 'api' } as const
        const outcome = await deps.manage[verb](deed)
        if (outcome === 'budget_unknown') throw new Refusal('budget_unknown')
        const stored = await budgetOf(deps, manager, budget.id)
        return reply.send({ changed: outcome === 'done', budget: toBudgetJson(stored, deps.now()) })
      }),
    )
  }
}
