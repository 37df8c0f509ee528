/**
 * The part of App Home that is about the beginning: all of it before the first call, a few lines above it until there is a
 * budget, and the buttons for projects and keys.
 */
import { seesAll } from '../../core/people/reach.ts'
import { saveWatcher } from '../../db/postgres/first-event-watchers.ts'
import type { Block } from '../blocks/text.ts'
import { firstCallBlocks, keyButtons, welcomeBlocks } from '../blocks/welcome.ts'
import type { AppDeps } from '../deps.ts'
import type { Caller } from '../slack/authorize.ts'
import type { Viewer } from '../slack/people.ts'
import { keyRefusalOf, readWelcome } from './read-welcome.ts'

export interface HomePart {
  /** Shown in place of the figures, as there are none; `above` and `below` are around them otherwise. */
  readonly instead: readonly Block[] | null
  readonly above: readonly Block[]
  readonly below: readonly Block[]
}

export async function readHomePart(deps: AppDeps, person: Viewer, caller: Caller): Promise<HomePart> {
  const mayMakeKeys = (await keyRefusalOf(deps, person, caller)) === null
  // How the beginning goes tells of every project, so it is for who sees them all.
  if (!seesAll(person.reach)) return { instead: null, above: [], below: mayMakeKeys ? keyButtons() : [] }
  const { orgId, installationId } = caller
  // Noted before it is read: an event that is counted meanwhile finds whom to tell.
  const look = () => readWelcome(deps, orgId, mayMakeKeys)
  let facts = await look()
  if (facts.onboarding.firstEvent === null) {
    const watcher = { orgId, installationId, userId: person.id, viewId: '' }
    await saveWatcher(deps.postgres.tables, watcher, deps.now())
    facts = await look()
  }
  if (facts.onboarding.firstEvent === null) return { instead: welcomeBlocks(facts), above: [], below: [] }
  return { instead: null, above: firstCallBlocks(facts), below: mayMakeKeys ? keyButtons() : [] }
}
