/** POST /v1/budgets/preview: what a budget, as a body says it, would have stopped over the last period that is over. */
import type { FastifyInstance } from 'fastify'
import { unreachable } from '../../core/unreachable.ts'
import { Refusal } from '../errors.ts'
import { callerOf } from '../keys/authenticate.ts'
import { answering, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { demandWide, isReached, type Reach, readerOf, requireReader } from './manager.ts'
import { parseNewBudget } from './parse-budget.ts'
import type { Previewed } from './preview-desk.ts'
import { toPreviewJson } from './preview-json.ts'

export function registerBudgetPreview(app: FastifyInstance, deps: ManageDeps): void {
  app.post(
    '/v1/budgets/preview',
    { onRequest: requireReader(deps), bodyLimit: MANAGE_BODY_BYTES_MAX },
    answering(async (request, reply) => {
      const reach = readerOf(request)
      const { definition, projectId: said } = parseNewBudget(request.body ?? null)
      const projectId = await projectOf(
        deps,
        reach,
        said === undefined ? callerOf(request).key.projectId : said,
      )
      const { match, each, limit, ladder, periodRule } = definition
      const question = { orgId: reach.orgId, scope: { projectId, match, each }, limit, ladder, periodRule }
      const preview = previewIn(await deps.manage.previews.preview(question))
      return reply.send(toPreviewJson(preview, periodRule))
    }),
  )
}

/** As where a budget is made: what the key does not reach is not there. */
async function projectOf({ manage }: ManageDeps, reach: Reach, said: string | null): Promise<string | null> {
  if (said === null) demandWide(reach)
  else if (!isReached(reach, said) || !(await manage.hasProject(reach.orgId, said))) {
    throw new Refusal('project_unknown')
  }
  return said
}

function previewIn(previewed: Previewed) {
  switch (previewed.kind) {
    case 'previewed':
      return previewed.preview
    case 'busy':
      throw new Refusal('preview_running')
    case 'away':
      throw new Refusal('unavailable', {
        message:
          'What was archived cannot be looked at for the moment; budgets count and stop all the same. Send the same request again.',
        retryAfterS: 10,
      })
    case 'too_much':
      throw new Refusal('unavailable', {
        message:
          'There is more of this scope and period than can be looked through in time; narrow the scope, or take a shorter period.',
        retryAfterS: 60,
      })
    default:
      return unreachable(previewed)
  }
}
