/** Every effect that the manage API can have, and all that it reads. What is not listed here, it cannot do. */

import {
  askOverride,
  type OverrideAsking,
  type OverrideAskOutcome,
  revokeOverride,
} from '../../db/postgres/ask-override.ts'
import { type DeedFilter, readDeeds, type StoredDeed } from '../../db/postgres/audit-list.ts'
import type { Said } from '../../db/postgres/budget-definition.ts'
import {
  type BudgetReach,
  type PeriodPlace,
  type PeriodRow,
  readBudgetPage,
  readOneBudget,
  readPeriodPage,
} from '../../db/postgres/budget-lists.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import {
  archiveBudget,
  type BudgetChanged,
  type BudgetMade,
  type Changing,
  changeBudget,
  type Making,
  makeBudget,
} from '../../db/postgres/budgets.ts'
import { listInstallations } from '../../db/postgres/installations.ts'
import {
  type Deciding,
  decideOverrideRequest,
  listRequests,
  type RequestDecided,
  type RequestFilter,
  type StoredRequest,
} from '../../db/postgres/override-requests.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import {
  liftWideStop,
  resumeBudget,
  type StopOutcome,
  stopBudget,
  stopWidely,
  type WideStopDeed,
  type WideStopOutcome,
} from '../../db/postgres/stop-budget.ts'
import { type PeopleStore, peopleStoreIn } from './people-store.ts'
import type { PreviewDesk } from './preview-desk.ts'
import { type WebhookStore, type WebhookStoreDeps, webhookStoreIn } from './webhook-store.ts'

interface Asked<Place> {
  readonly after: Place | null
  readonly rowsMax: number
}
type BudgetDeed = Said & { readonly orgId: string; readonly budgetId: string }

export interface ManageStore {
  budgets(reach: BudgetReach, page: Asked<string>): Promise<readonly StoredBudget[]>
  /** Null for one that is not there, or lies beyond the reach. */
  budget(reach: BudgetReach, budgetId: string): Promise<StoredBudget | null>
  periods(budgetId: string, page: Asked<PeriodPlace>): Promise<readonly PeriodRow[]>
  requests(reach: BudgetReach, filter: RequestFilter, page: Asked<string>): Promise<readonly StoredRequest[]>
  deeds(reach: BudgetReach, filter: DeedFilter, page: Asked<string>): Promise<readonly StoredDeed[]>
  /** The workspaces of the organisation, where cards can live. */
  workspaces(
    orgId: string,
  ): Promise<readonly { readonly teamId: string | null; readonly installationId: string }[]>
  make(making: Making): Promise<BudgetMade>
  change(changing: Changing): Promise<BudgetChanged>
  archive(deed: BudgetDeed): Promise<'done' | 'budget_unknown'>
  stop(deed: BudgetDeed): Promise<StopOutcome>
  resume(deed: BudgetDeed): Promise<StopOutcome>
  askOverride(asking: OverrideAsking): Promise<OverrideAskOutcome>
  revokeOverride(
    deed: BudgetDeed & { readonly counter: string },
  ): Promise<'done' | 'none_running' | 'budget_unknown'>
  decide(deciding: Deciding): Promise<RequestDecided>
  stopWidely(deed: WideStopDeed & { readonly reason: string }): Promise<WideStopOutcome>
  liftWideStop(deed: WideStopDeed): Promise<WideStopOutcome>
  hasProject(orgId: string, projectId: string): Promise<boolean>
  readonly people: PeopleStore
  readonly webhooks: WebhookStore
  readonly previews: PreviewDesk
}

export interface ManageStoreDeps extends WebhookStoreDeps {
  readonly previews: PreviewDesk
}

export function manageStoreIn({ previews, ...deps }: ManageStoreDeps): ManageStore {
  const { postgres, now } = deps
  const { tables } = postgres
  return {
    ...{ previews, webhooks: webhookStoreIn(deps), people: peopleStoreIn(deps) },
    hasProject: async (orgId, projectId) =>
      (await listProjects(tables, orgId)).some(({ id }) => id === projectId),
    budgets: (reach, page) => readBudgetPage(tables, reach, page, now()),
    budget: (reach, budgetId) => readOneBudget(tables, reach, budgetId, now()),
    periods: (budgetId, page) => readPeriodPage(tables, budgetId, page),
    requests: (reach, filter, page) => listRequests(tables, reach, filter, page),
    deeds: ({ orgId, projectId }, filter, page) =>
      readDeeds(tables, { orgId, projectIds: projectId === null ? null : [projectId] }, filter, page),
    workspaces: async (orgId) => {
      const all = await listInstallations(tables)
      return all
        .filter((one) => one.orgId === orgId)
        .map(({ id, teamId }) => ({ installationId: id, teamId }))
    },
    make: (making) => makeBudget(postgres, making, now()),
    change: (changing) => changeBudget(postgres, changing, now()),
    archive: (deed) => archiveBudget(postgres, deed, now()),
    stop: (deed) => stopBudget(postgres, deed, now()),
    resume: (deed) => resumeBudget(postgres, deed, now()),
    askOverride: (asking) => askOverride(postgres, asking, now()),
    revokeOverride: (deed) => revokeOverride(postgres, deed, now()),
    decide: (deciding) => decideOverrideRequest(postgres, deciding, now()),
    stopWidely: (deed) => stopWidely(postgres, deed, now()),
    liftWideStop: (deed) => liftWideStop(postgres, deed, now()),
  }
}
