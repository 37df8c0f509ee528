/** `/lens stop` and `/lens resume`: a named project at once; everything only after the person was asked. */
import { type Reach, seesAll } from '../../../core/people/reach.ts'
import { unknownMessage } from '../../blocks/help.ts'
import { stopModal, wideStopsMessage } from '../../blocks/wide-stops.ts'
import { EVERYTHING } from '../../ids.ts'
import { seenProjects, seenStops } from '../../seen/seen.ts'
import { resumeNow, stopNow } from '../../stops/wide-stop-deeds.ts'
import { say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'
import { readReach } from './read-reach.ts'

interface Wanted {
  readonly rest: string
  readonly reach: Reach
}

export const EVERYTHING_IS_MORE =
  'Everything is more than the projects that you may see. Name one of yours, or ask an admin.'

/** The person was found to be one who may. */
export async function answerStop(
  deps: ListenerDeps,
  asked: Asked,
  { rest, reach: sight }: Wanted,
): Promise<void> {
  const { orgId } = asked.caller
  const projects = await seenProjects(deps.postgres.tables, sight)
  const reach = readReach('stop', rest, projects)
  if (reach.kind === 'unknown') {
    await asked.reply(unknownMessage(reach.said, reach.suggestion, deps.ingestUrl))
    return
  }
  if (reach.kind === 'project') {
    const { project, reason } = reach
    await asked.reply(say(await stopNow(deps, { orgId, project, reason, by: asked.userId })))
    return
  }
  if (reach.kind === 'everything' && !seesAll(sight)) return await asked.reply(say(EVERYTHING_IS_MORE))
  const chosen = reach.kind === 'everything' ? EVERYTHING : null
  const reason = reach.kind === 'everything' ? reach.reason : ''
  await asked.client.views.open({
    trigger_id: asked.triggerId,
    view: stopModal({ projects, chosen, reason }),
  })
}

/** Of everything, and where nothing was said, the answer has a button that asks first. */
export async function answerResume(
  deps: ListenerDeps,
  asked: Asked,
  { rest, reach: sight }: Wanted,
): Promise<void> {
  const { orgId } = asked.caller
  const { tables } = deps.postgres
  const [projects, stops] = await Promise.all([seenProjects(tables, sight), seenStops(tables, sight)])
  const reach = readReach('resume', rest, projects)
  switch (reach.kind) {
    case 'unknown':
      return await asked.reply(unknownMessage(reach.said, reach.suggestion, deps.ingestUrl))
    case 'project':
      return await asked.reply(
        say(await resumeNow(deps, { orgId, project: reach.project, by: asked.userId })),
      )
    case 'everything': {
      const wide = stops.filter(({ projectId }) => projectId === null)
      return await asked.reply(wideStopsMessage(wide.length > 0 ? wide : stops))
    }
    case 'unsaid':
      return await asked.reply(wideStopsMessage(stops))
  }
}
