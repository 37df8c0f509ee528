/** The manage API: budgets, stops, overrides and what was done, for a key that names a person. */
import type { FastifyInstance } from 'fastify'
import type { ManageDeps } from './answering.ts'
import { registerAudit } from './audit.ts'
import { registerBudgetPeriods } from './budget-periods.ts'
import { registerBudgetStops } from './budget-stops.ts'
import { registerBudgets } from './budgets.ts'
import { registerOverrideRequests } from './override-requests.ts'
import { registerOverrides } from './overrides.ts'
import { registerWideStops } from './wide-stops.ts'

export function registerManage(app: FastifyInstance, deps: ManageDeps): void {
  registerBudgets(app, deps)
  registerBudgetPeriods(app, deps)
  registerBudgetStops(app, deps)
  registerOverrides(app, deps)
  registerOverrideRequests(app, deps)
  registerWideStops(app, deps)
  registerAudit(app, deps)
}
