/** The manage API: budgets, stops, overrides and what was done, for a key that names a person. */
import type { FastifyInstance } from 'fastify'
import type { ManageDeps } from './answering.ts'
import { registerAudit } from './audit.ts'
import { registerBudgetPeriods } from './budget-periods.ts'
import { registerBudgetPreview } from './budget-preview.ts'
import { registerBudgetStops } from './budget-stops.ts'
import { registerBudgets } from './budgets.ts'
import { registerOverrideRequests } from './override-requests.ts'
import { registerOverrides } from './overrides.ts'
import { registerPeople } from './people.ts'
import { registerWebhookDeliveries } from './webhook-deliveries.ts'
import { registerWebhookSecrets } from './webhook-secrets.ts'
import { registerWebhooks } from './webhooks.ts'
import { registerWideStops } from './wide-stops.ts'

export function registerManage(app: FastifyInstance, deps: ManageDeps): void {
  registerBudgets(app, deps)
  registerBudgetPeriods(app, deps)
  registerBudgetPreview(app, deps)
  registerBudgetStops(app, deps)
  registerOverrides(app, deps)
  registerOverrideRequests(app, deps)
  registerWideStops(app, deps)
  registerPeople(app, deps)
  registerWebhooks(app, deps)
  registerWebhookSecrets(app, deps)
  registerWebhookDeliveries(app, deps)
  registerAudit(app, deps)
}
