/**
 * Who somebody is while they type: a form that follows each key would ask Slack ten times a second, which answers `users.info`
 * a hundred times a minute. Only for what is shown; whoever submits is asked for anew.
 */
import type { Standing } from '../../core/people/role.ts'
import type { AppDeps } from '../deps.ts'
import { type Asker, readStanding, type Viewer, viewerOf } from './people.ts'

const FRESH_MS = 15_000
const REMEMBERED_MAX = 1_000

export function viewersLately(deps: AppDeps): (asker: Asker) => Promise<Viewer> {
  const known = new Map<string, { readonly standing: Promise<Standing>; readonly untilMs: number }>()
  return async (asker) => {
    const { client, userId, caller } = asker
    const key = `${caller.installationId}/${userId}`
    const nowMs = deps.now().getTime()
    const found = known.get(key)
    if (found && found.untilMs > nowMs) return await viewerOf(deps, asker, found.standing)
    const standing = readStanding(client, userId, caller)
    known.delete(key)
    known.set(key, { standing, untilMs: nowMs + FRESH_MS })
    const [oldest] = known.keys()
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest)
    try {
      return await viewerOf(deps, asker, standing)
    } catch (error) {
      if (known.get(key)?.standing === standing) known.delete(key)
      throw error
    }
  }
}
