/**
 * Whose eyes a linked chart is drawn for. Slack fetches a picture without saying who looks, so the link says it, and what
 * that person sees is decided when it is fetched: a project that was hidden since is not in it, and a role that was
 * taken back shows nothing more. What is common to many is drawn once.
 */
import { type Reach, reachOf, wholeReach } from '../../core/people/reach.ts'
import { roleOf, type Standing } from '../../core/people/role.ts'
import { readPersonFacts } from '../../db/postgres/people.ts'
import type { AppDeps } from '../deps.ts'
import type { Viewer } from '../slack/people.ts'

export type ChartSight = Pick<Viewer, 'id' | 'standing' | 'places' | 'sight'>

const ALL = 'all'
const COMMON = 'common'
const OWN = 'own'

/** Without a bar, which is between the parts of a chart's name. */
export function writeSight({ id, standing, places, sight }: ChartSight): string {
  if (sight !== 'own') return sight === 'all' ? ALL : COMMON
  return [OWN, standing, id, ...places].join(',')
}

/** Null for what we did not write. Links of before there were roles are drawn as for any full member. */
export async function readSight(
  { postgres }: Pick<AppDeps, 'postgres'>,
  orgId: string,
  text = COMMON,
): Promise<Reach | null> {
  if (text === ALL) return wholeReach(orgId)
  const [kind, standingName, userId = '', ...placeIds] = text.split(',')
  const standing: Standing | null =
    kind === COMMON || standingName === 'member' ? 'member' : standingName === 'guest' ? 'guest' : null
  if (standing === null || (kind !== COMMON && kind !== OWN)) return null
  const { granted, sights } = await readPersonFacts(postgres.tables, { orgId, userId, placeIds })
  return reachOf(orgId, { role: roleOf(standing, granted), standing }, sights)
}
