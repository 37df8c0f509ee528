/** The simple form: a limit and a channel for a project, or for the whole organisation. */
import { isWhole } from '../../../core/budget/scope.ts'
import type { Reach } from '../../../core/people/reach.ts'
import { monthlyBudget } from '../../../db/postgres/budget-definition.ts'
import { changeBudget, makeBudget } from '../../../db/postgres/budgets.ts'
import { budgetOfProject, setMonthlyBudget } from '../../../db/postgres/monthly-budget.ts'
import { seenBudgets } from '../../seen/seen.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { mayRaise } from './budget-rights.ts'
import { type Filled, refused, under, whyUnreachable } from './filled-budget.ts'
import type { Answer } from './submitted.ts'

export async function saveWhole(deps: ListenerDeps, filled: Filled): Promise<Answer> {
  const { reach, project, channelId, channelField } = filled
  const present =
    project === null
      ? await budgetOfAll(deps, reach)
      : await budgetOfProject(deps.postgres.tables, project.id, deps.now())
  if (present?.channelId !== channelId) {
    const reason = await whyUnreachable(filled, project?.name ?? 'the whole organisation')
    if (reason) return under(channelField, reason)
  }
  const own = present ? { ...filled, mayRaise: await mayRaise(deps, filled, present) } : filled
  const refusal = project === null ? await setForAll(deps, own) : await setForProject(deps, own, project.id)
  return refusal === null ? { kind: 'close' } : refused(filled, refusal)
}

async function setForProject(deps: ListenerDeps, filled: Filled, projectId: string) {
  const { caller, limit, mayRaise } = filled
  const setting = { orgId: caller.orgId, projectId, limit, mayRaise, ...saidIn(filled) }
  const outcome = await setMonthlyBudget(deps.postgres, setting, deps.now())
  return outcome.kind === 'refused' ? outcome.refusal : null
}

async function setForAll(deps: ListenerDeps, filled: Filled) {
  const { limit, mayRaise } = filled
  const { orgId } = filled.caller
  const { slack, ...said } = saidIn(filled)
  const present = await budgetOfAll(deps, filled.reach)
  const outcome = present
    ? await changeBudget(
        deps.postgres,
        { orgId, budgetId: present.budget.id, change: { limit, slack }, mayRaise, ...said },
        deps.now(),
      )
    : await makeBudget(
        deps.postgres,
        { orgId, definition: monthlyBudget(null, limit, slack), ...said },
        deps.now(),
      )
  return outcome.kind === 'refused' ? outcome.refusal : null
}

const saidIn = ({ caller, userId, channelId }: Filled) =>
  ({
    slack: { installationId: caller.installationId, channelId },
    by: userId,
    origin: 'slack',
  }) as const

/** The first that covers all projects and asks for nothing else. */
async function budgetOfAll({ postgres, now }: ListenerDeps, reach: Reach) {
  const all = await seenBudgets(postgres.tables, reach, now())
  return all.find(({ budget }) => budget.scope.projectId === null && isWhole(budget.scope))
}
