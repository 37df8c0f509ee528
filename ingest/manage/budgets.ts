/** GET and POST /v1/budgets, GET, PATCH and DELETE /v1/budgets/{id}: what budgets there are. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '../../core/ids.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { SlackPlace } from '../../db/postgres/budget-definition.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import type { BudgetRefusal } from '../../db/postgres/budgets.ts'
import { Refusal } from '../errors.ts'
import { answering, budgetOf, idOf, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import { etagOf, toBudgetJson } from './budget-json.ts'
import { onceOf } from './idempotency.ts'
import {
  demandWide,
  isReached,
  type Manager,
  managerOf,
  readerOf,
  requireManager,
  requireReader,
} from './manager.ts'
import { pageOf, readQuery, toPage } from './pages.ts'
import { parseBudgetChange, parseNewBudget, type SaidChange, type SaidPlace } from './parse-budget.ts'

export function registerBudgets(app: FastifyInstance, deps: ManageDeps): void {
  const reading = { onRequest: requireReader(deps) }
  const changing = { onRequest: requireManager(deps), bodyLimit: MANAGE_BODY_BYTES_MAX }
  const show = (reply: FastifyReply, stored: StoredBudget, status = 200): FastifyReply =>
    reply.code(status).header('etag', etagOf(stored)).send(toBudgetJson(stored, deps.now()))

  app.get(
    '/v1/budgets',
    reading,
    answering(async (request, reply) => {
      const fields = readQuery(request.query)
      const page = fields.finish(pageOf(fields, (text) => isId('bud', text)))
      const rows = await deps.manage.budgets(readerOf(request), { ...page, rowsMax: page.rowsMax + 1 })
      const item = (stored: StoredBudget) => toBudgetJson(stored, deps.now())
      return reply.send(toPage(rows, page, { item, known: ({ budget }) => budget.id }))
    }),
  )

  app.post(
    '/v1/budgets',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const { definition, slack, ...said } = parseNewBudget(request.body ?? null)
      const projectId = projectOf(manager, said.projectId)
      const outcome = await deps.manage.make({
        ...{ orgId: manager.orgId, by: manager.person, origin: 'api' },
        definition: { ...definition, projectId, slack: await placeOf(deps, manager, slack) },
        once: onceOf(request, manager),
      })
      if (outcome.kind === 'refused') throw refusalOf(outcome.refusal)
      if (outcome.isRepeat) reply.header('idempotency-replayed', 'true')
      reply.header('location', `/v1/budgets/${outcome.budgetId}`)
      return show(reply, await budgetOf(deps, manager, outcome.budgetId), 201)
    }),
  )

  app.get(
    '/v1/budgets/:id',
    reading,
    answering(async (request, reply) => show(reply, await budgetOf(deps, readerOf(request), idOf(request)))),
  )

  app.patch(
    '/v1/budgets/:id',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const said = parseBudgetChange(request.body ?? null)
      const expects = expectationOf(request, said)
      const { budget } = await budgetOf(deps, manager, idOf(request))
      if (said.each !== undefined && said.each !== budget.scope.each) throw eachChanged(budget.scope.each)
      const outcome = await deps.manage.change({
        ...{ orgId: manager.orgId, budgetId: budget.id, by: manager.person, origin: 'api', expects },
        change: { ...said.change, slack: await placeOf(deps, manager, said.slack) },
      })
      if (outcome.kind === 'refused') throw refusalOf(outcome.refusal)
      return show(reply, await budgetOf(deps, manager, budget.id))
    }),
  )

  app.delete(
    '/v1/budgets/:id',
    changing,
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const { budget } = await budgetOf(deps, manager, idOf(request))
      const deed = { orgId: manager.orgId, budgetId: budget.id, by: manager.person, origin: 'api' } as const
      if ((await deps.manage.archive(deed)) === 'budget_unknown') throw new Refusal('budget_unknown')
      return reply.code(204).send()
    }),
  )
}

/** The project that is said, or that of the key; null for the whole organisation, which takes a key that reaches it. */
function projectOf(manager: Manager, said: string | null | undefined): string | null {
  if (said === undefined) return manager.homeProjectId
  if (said === null) demandWide(manager)
  if (said !== null && !isReached(manager, said)) throw new Refusal('project_unknown')
  return said
}

/** Two people who change a budget at once: the second hears that it is no longer what they looked at. */
function expectationOf(request: FastifyRequest, { limitRevision }: SaidChange) {
  const ifMatch = request.headers['if-match']
  if (ifMatch === undefined && limitRevision === null) throw new Refusal('precondition_missing')
  const etags = ifMatch?.split(',').map((etag) => etag.trim())
  return (stored: StoredBudget): boolean =>
    (limitRevision === null || stored.budget.limitRevision === limitRevision) &&
    (etags === undefined || etags.includes('*') || etags.includes(etagOf(stored)))
}

async function placeOf(
  { manage }: ManageDeps,
  { orgId }: Manager,
  said: SaidPlace | null,
): Promise<SlackPlace | null> {
  if (said === null) return null
  const all = await manage.workspaces(orgId)
  const fitting = said.teamId === null ? all : all.filter(({ teamId }) => teamId === said.teamId)
  const [one, ...others] = fitting
  if (one !== undefined && others.length === 0) {
    return { installationId: one.installationId, channelId: said.channelId }
  }
  const problem =
    one === undefined
      ? 'names no workspace that installed the app'
      : 'could be in several workspaces; say which by "team_id"'
  throw new Refusal('fields_invalid', { fields: [{ field: 'slack', problem }] })
}

const eachChanged = (each: string | null): Refusal => {
  const stays = each === null ? 'has one counter for all' : `has a counter for each ${each}`
  const problem = `the budget ${stays}, and that does not change; make another budget`
  return new Refusal('fields_invalid', { fields: [{ field: 'scope', problem }] })
}

function refusalOf(refusal: BudgetRefusal): Refusal {
  switch (refusal) {
    case 'project_unknown':
    case 'budget_unknown':
    case 'budgets_too_many':
      return new Refusal(refusal)
    case 'limit_not_positive':
      return new Refusal('fields_invalid', {
        fields: [{ field: 'limit_usd', problem: 'must be above zero' }],
      })
    case 'changed_meanwhile':
      return new Refusal('budget_changed')
    case 'key_reused':
      return new Refusal('idempotency_key_reused')
    case 'raise_not_allowed':
      throw new Error('a key of scope manage may raise a limit')
    default:
      return unreachable(refusal)
  }
}
