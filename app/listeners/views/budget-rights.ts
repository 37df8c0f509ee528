/** Raising a limit, or letting more pass by another way, lets calls pass again as an override does: the same right. */
import type { WebClient } from '@slack/web-api'
import { readOverridePolicy } from '../../../db/postgres/overrides.ts'
import type { Caller } from '../../slack/authorize.ts'
import { readPerson, refusalOf } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export async function readRights(
  deps: ListenerDeps,
  {
    client,
    userId,
    caller,
  }: { readonly client: WebClient; readonly userId: string; readonly caller: Caller },
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
