/** What the beginning shows a person: how far their organisation is, and what they may do about it. */
import type { WebClient } from '@slack/web-api'
import { readInstallation } from '../../db/postgres/installations.ts'
import { readOnboarding } from '../../db/postgres/onboarding-steps.ts'
import { readOverridePolicy } from '../../db/postgres/overrides.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import type { WelcomeFacts } from '../blocks/welcome.ts'
import type { AppDeps } from '../deps.ts'
import type { Caller } from '../slack/authorize.ts'
import { type Person, readPerson, refusalOf } from '../slack/people.ts'

export async function readWelcome(deps: AppDeps, orgId: string, mayMakeKeys: boolean): Promise<WelcomeFacts> {
  const { tables } = deps.postgres
  const [onboarding, projects] = await Promise.all([
    readOnboarding(tables, orgId),
    listProjects(tables, orgId),
  ])
  return { onboarding, projects, mayMakeKeys, ingestUrl: deps.ingestUrl, asOf: deps.now() }
}

export interface Asker {
  readonly client: WebClient
  readonly userId: string
  readonly caller: Caller
}

/** Null when the person may name projects and make keys; else why not. Asked of Slack at every press. */
export async function keyRefusal(deps: AppDeps, { client, userId, caller }: Asker): Promise<string | null> {
  return await keyRefusalOf(deps, await readPerson(client, userId, caller), caller)
}

/** Whoever installed the app was let by Slack, so they need no further leave, as long as they are a member. */
export async function keyRefusalOf(deps: AppDeps, person: Person, caller: Caller): Promise<string | null> {
  const { tables } = deps.postgres
  const [policy, installation] = await Promise.all([
    readOverridePolicy(tables, caller.orgId),
    readInstallation(tables, caller.installationId),
  ])
  const refusal = refusalOf(person, 'make_keys', policy)
  return person.standing === 'member' && installation?.installedBy === person.id ? null : refusal
}
