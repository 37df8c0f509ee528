/**
 * Who somebody is while they type: a form that follows each key would ask Slack ten times a second, which answers `users.info`
 * a hundred times a minute. Only for what is shown; whoever submits is asked for anew.
 */
import type { AppDeps } from '../deps.ts'
import { type Asker, type Profile, readProfile, type Viewer, viewerOf } from './people.ts'

const FRESH_MS = 15_000
const REMEMBERED_MAX = 1_000

export function viewersLately(deps: AppDeps): (asker: Asker) => Promise<Viewer> {
  const known = new Map<string, { readonly profile: Promise<Profile>; readonly untilMs: number }>()
  return async (asker) => {
    const { client, userId, caller } = asker
    const key = `${caller.installationId}/${userId}`
    const nowMs = deps.now().getTime()
    const found = known.get(key)
    if (found && found.untilMs > nowMs) return await viewerOf(deps, asker, found.profile)
    const profile = readProfile(client, userId, caller)
    known.delete(key)
    known.set(key, { profile, untilMs: nowMs + FRESH_MS })
    const [oldest] = known.keys()
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest)
    try {
      return await viewerOf(deps, asker, profile)
    } catch (error) {
      if (known.get(key)?.profile === profile) known.delete(key)
      throw error
    }
  }
}
