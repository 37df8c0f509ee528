/** Raising a limit, or letting more pass by another way, lets calls pass again as an override does: the same right. */
import type { WebClient } from '@slack/web-api'
import type { StoredBudget } from '../../../db/postgres/budget-snapshots.ts'
import { readOverridePolicy, readOverrideTerms } from '../../../db/postgres/overrides.ts'
import type { Caller } from '../../slack/authorize.ts'
import { readPerson, refusalOf } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'

interface Asker {
  readonly client: WebClient
  readonly userId: string
  readonly caller: Caller
}

/** By the organisation's policy: for a budget that is made. */
export async function readRights(
  deps: ListenerDeps,
  { client, userId, caller }: Asker,
): Promise<{ readonly refusal: string | null; readonly mayRaise: boolean }> {
  const [person, policy] = await Promise.all([
    readPerson(client, userId, caller),
    readOverridePolicy(deps.postgres.tables, caller.orgId),
  ])
  return {
    refusal: refusalOf(person, 'set_budget', policy),
    mayRaise: refusalOf(person, 'lift', policy) === null,
  }
}

/**
 * By the policy of the budget that is changed, which may be stricter or name people. Where an override takes two, one alone
 * does not pass it by a higher limit: only admins, who may change the policy itself.
 */
export async function mayRaise(
  deps: ListenerDeps,
  { client, userId, caller }: Asker,
  standing: StoredBudget,
): Promise<boolean> {
  const [person, terms] = await Promise.all([
    readPerson(client, userId, caller),
    readOverrideTerms(deps.postgres.tables, standing),
  ])
  return refusalOf(person, 'lift', terms) === null && (!terms.secondPerson || person.standing === 'admin')
}
