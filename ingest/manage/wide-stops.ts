/**
 * POST /v1/projects/{id}/stop and /resume, POST /v1/stop and /resume: every call of a project, or of the organisation,
 * refused until a person lifts it, whether or not there is a budget.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../errors.ts'
import { answering, idOf, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { isReached, managerOf, requireManager, requireWideManager } from './manager.ts'
import { readFields } from './read-fields.ts'

const REASON_CHARS_MAX = 500

export function registerWideStops(app: FastifyInstance, deps: ManageDeps): void {
  const ofProject = { onRequest: requireManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX }
  const ofAll = { onRequest: requireWideManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX }
  const stop = (projectOf: ProjectOf) =>
    answering(async (request, reply) => {
      const deed = deedOf(request, projectOf)
      const fields = readFields(request.body ?? null, ['reason'])
      const reason = fields.text('reason', REASON_CHARS_MAX)
      const outcome = await deps.manage.stopWidely(fields.finish({ ...deed, reason }))
      if (outcome === 'project_unknown') throw new Refusal('project_unknown')
      return reply.send(answerOf(deed.projectId, { stopped: true, changed: outcome === 'done' }))
    })
  const resume = (projectOf: ProjectOf) =>
    answering(async (request, reply) => {
      const deed = deedOf(request, projectOf)
      readFields(request.body ?? {}, []).finish(null)
      const outcome = await deps.manage.liftWideStop(deed)
      if (outcome === 'project_unknown') throw new Refusal('project_unknown')
      return reply.send(answerOf(deed.projectId, { stopped: false, changed: outcome === 'done' }))
    })
  app.post('/v1/projects/:id/stop', ofProject, stop(idOf))
  app.post('/v1/projects/:id/resume', ofProject, resume(idOf))
  app.post('/v1/stop', ofAll, stop(everything))
  app.post('/v1/resume', ofAll, resume(everything))
}

type ProjectOf = (request: FastifyRequest) => string | null

const everything: ProjectOf = () => null

function deedOf(request: FastifyRequest, projectOf: ProjectOf) {
  const manager = managerOf(request)
  const projectId = projectOf(request)
  if (!isReached(manager, projectId)) throw new Refusal('project_unknown')
  return { orgId: manager.orgId, projectId, by: manager.person, origin: 'api' } as const
}

/** `changed` is false when it was so already. */
const answerOf = (
  projectId: string | null,
  said: { readonly stopped: boolean; readonly changed: boolean },
) => ({
  reach: projectId === null ? 'organisation' : 'project',
  project_id: projectId,
  ...said,
})
