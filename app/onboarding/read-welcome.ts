/** What the beginning shows a person: how far their organisation is, and what they may do about it. */
import type { Reach } from '../../core/people/reach.ts'
import { readInstallation } from '../../db/postgres/installations.ts'
import { readOnboarding } from '../../db/postgres/onboarding-steps.ts'
import { readOverridePolicy } from '../../db/postgres/overrides.ts'
import { listProjects } from '../../db/postgres/projects.ts'
import type { WelcomeFacts } from '../blocks/welcome.ts'
import type { AppDeps } from '../deps.ts'
import type { Caller } from '../slack/authorize.ts'
import { type Asker, readViewer, refusalOf, type Viewer } from '../slack/people.ts'

export async function readWelcome(deps: AppDeps, orgId: string, mayMakeKeys: boolean): Promise<WelcomeFacts> {
  const { tables } = deps.postgres
  const [onboarding, projects] = await Promise.all([
    readOnboarding(tables, orgId),
    listProjects(tables, orgId),
  ])
  return { onboarding, projects, mayMakeKeys, ingestUrl: deps.ingestUrl, asOf: deps.now() }
}

/** What keeps a person from naming projects and making keys, if anything does; and what they see. */
export async function keyMaker(
  deps: AppDeps,
  asker: Asker,
): Promise<{ readonly refusal: string | null; readonly reach: Reach }> {
  const viewer = await readViewer(deps, asker)
  return { refusal: await keyRefusalOf(deps, viewer, asker.caller), reach: viewer.reach }
}

/** Whoever installed the app was let by Slack, so they need no further leave, as long as they are a member. */
export async function keyRefusalOf(deps: AppDeps, viewer: Viewer, caller: Caller): Promise<string | null> {
  const { tables } = deps.postgres
  const [policy, installation] = await Promise.all([
    readOverridePolicy(tables, caller.orgId),
    readInstallation(tables, caller.installationId),
  ])
  const refusal = refusalOf(viewer, 'make_keys', policy)
  return viewer.standing === 'member' && installation?.installedBy === viewer.id ? null : refusal
}
