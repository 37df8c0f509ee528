/** `/lens stop` and `/lens resume`: a named project at once; everything only after the person was asked. */
import { listWideStops } from '../../../db/postgres/list-wide-stops.ts'
import { listProjects } from '../../../db/postgres/projects.ts'
import { unknownMessage } from '../../blocks/help.ts'
import { stopModal, wideStopsMessage } from '../../blocks/wide-stops.ts'
import { EVERYTHING } from '../../ids.ts'
import { resumeNow, stopNow } from '../../stops/wide-stop-deeds.ts'
import { say } from '../answer.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import type { Asked } from './lens.ts'
import { readReach } from './read-reach.ts'

/** The person was found to be an admin. */
export async function answerStop(deps: ListenerDeps, asked: Asked, rest: string): Promise<void> {
  const { orgId } = asked.caller
  const projects = await listProjects(deps.postgres.tables, orgId)
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
  const chosen = reach.kind === 'everything' ? EVERYTHING : null
  const reason = reach.kind === 'everything' ? reach.reason : ''
  await asked.client.views.open({
    trigger_id: asked.triggerId,
    view: stopModal({ projects, chosen, reason }),
  })
}

/** Of everything, and where nothing was said, the answer has a button that asks first. */
export async function answerResume(deps: ListenerDeps, asked: Asked, rest: string): Promise<void> {
  const { orgId } = asked.caller
  const { tables } = deps.postgres
  const [projects, stops] = await Promise.all([listProjects(tables, orgId), listWideStops(tables, orgId)])
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
