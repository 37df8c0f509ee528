/** Raising a limit, or letting more pass by another way, lets calls pass again as an override does: the same right. */
import type { Reach } from '../../../core/people/reach.ts'
import type { StoredBudget } from '../../../db/postgres/budget-snapshots.ts'
import { readOverridePolicy, readOverrideTerms } from '../../../db/postgres/overrides.ts'
import { type Asker, readViewer, refusalOf } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'

/** By the organisation's policy: for a budget that is made. */
export async function readRights(
  deps: ListenerDeps,
  asker: Asker,
): Promise<{ readonly refusal: string | null; readonly mayRaise: boolean; readonly reach: Reach }> {
  const [viewer, policy] = await Promise.all([
    readViewer(deps, asker),
    readOverridePolicy(deps.postgres.tables, asker.caller.orgId),
  ])
  return {
    refusal: refusalOf(viewer, 'set_budget', policy),
    mayRaise: refusalOf(viewer, 'lift', policy) === null,
    reach: viewer.reach,
  }
}

/**
 * By the policy of the budget that is changed, which may be stricter or name people. Where an override takes two, one alone
 * does not pass it by a higher limit: only admins, who may change the policy itself.
 */
export async function mayRaise(deps: ListenerDeps, asker: Asker, standing: StoredBudget): Promise<boolean> {
  const [viewer, terms] = await Promise.all([
    readViewer(deps, asker),
    readOverrideTerms(deps.postgres.tables, standing),
  ])
  return refusalOf(viewer, 'lift', terms) === null && (!terms.secondPerson || viewer.role === 'admin')
}
