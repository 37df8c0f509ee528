/**
 * A press on a request for an override: who pressed, which request of their own organisation, and what its policy says now.
 * Invariant: authorised here at every press, from the id that Slack signed; whether the person may decide is core's to say.
 */
import type { WebClient } from '@slack/web-api'
import type { Approver, OverrideTerms } from '../../../core/budget/override-policy.ts'
import { findRequest } from '../../../db/postgres/override-requests.ts'
import { readOverrideTerms } from '../../../db/postgres/overrides.ts'
import type { StoredRequest } from '../../../db/postgres/request-rows.ts'
import { GONE_WORDS } from '../../blocks/decision-words.ts'
import { seenBudget } from '../../seen/seen.ts'
import type { Caller } from '../../slack/authorize.ts'
import { approverOf, readViewer, refusalOf } from '../../slack/people.ts'
import type { ListenerDeps } from '../listener-deps.ts'

export interface RequestPress {
  readonly caller: Caller
  readonly client: WebClient
  readonly userId: string
  readonly requestId: string
}

export type AdmittedRequest =
  | {
      readonly kind: 'admitted'
      readonly by: Approver
      readonly request: StoredRequest
      readonly terms: OverrideTerms
    }
  | { readonly kind: 'turned_away'; readonly why: string }

const turnedAway = (why: string): AdmittedRequest => ({ kind: 'turned_away', why })

export async function admitRequest(
  deps: ListenerDeps,
  { caller, client, userId, requestId }: RequestPress,
): Promise<AdmittedRequest> {
  const { tables } = deps.postgres
  const [person, request] = await Promise.all([
    readViewer(deps, { client, userId, caller }),
    findRequest(tables, caller.orgId, requestId),
  ])
  const refusal = refusalOf(person, 'ask', { lifters: 'members' })
  if (refusal) return turnedAway(refusal)
  if (!request) return turnedAway(GONE_WORDS)
  const [stored] = await seenBudget(tables, person.reach, {
    ...{ budgetId: request.budgetId, at: deps.now() },
  })
  if (!stored) return turnedAway(GONE_WORDS)
  return { kind: 'admitted', by: approverOf(person), request, terms: await readOverrideTerms(tables, stored) }
}
