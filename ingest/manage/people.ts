/**
 * GET and POST /v1/roles, GET and POST /v1/projects/{id}/people: the roles that were granted, and who sees a project.
 * Roles are of the whole organisation, so they take a key that reaches it.
 */
import type { FastifyInstance } from 'fastify'
import { isPersonId } from '../../core/budget/override-policy.ts'
import { NAMED_MAX } from '../../core/people/change-people.ts'
import { VISIBILITIES } from '../../core/people/reach.ts'
import { asGrant, GRANTS } from '../../core/people/role.ts'
import { Refusal } from '../errors.ts'
import { answering, idOf, MANAGE_BODY_BYTES_MAX, type ManageDeps } from './answering.ts'
import {
  isReached,
  managerOf,
  type Reach,
  readerOf,
  requireManager,
  requireReader,
  requireWideManager,
  requireWideReader,
} from './manager.ts'
import { type Fields, readFields } from './read-fields.ts'

const TEAM_CHARS_MAX = 64
const USER_CHARS_MAX = 128
const ROLES = [...GRANTS, 'none'] as const

export function registerPeople(app: FastifyInstance, deps: ManageDeps): void {
  const { people } = deps.manage
  const bodyLimit = MANAGE_BODY_BYTES_MAX
  app.get(
    '/v1/roles',
    { onRequest: requireWideReader(deps) },
    answering(async (request, reply) => {
      const granted = await people.roles(readerOf(request).orgId)
      const items = granted.map(({ placeId, userId, role, grantedBy, grantedAt }) => ({
        ...{ user_id: userId, team_id: placeId, role },
        ...{ granted_by: grantedBy, granted_at: grantedAt.toISOString() },
      }))
      return reply.send({ items })
    }),
  )
  app.post(
    '/v1/roles',
    { onRequest: requireWideManager(deps), bodyLimit },
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const fields = readFields(request.body ?? null, ['user_id', 'team_id', 'role'])
      const userId = personIn(fields, 'user_id')
      if (!fields.has('role')) fields.complain('role', `is missing; it must be one of ${ROLES.join(', ')}`)
      const said = fields.choice('role', ROLES, 'none')
      const placeId = await placeIn(deps, manager, fields)
      const { orgId, person } = manager
      const by = { id: person, role: 'admin' } as const
      const role = asGrant(said)
      const setting = fields.finish({ orgId, placeId, userId, role, by, origin: 'api' } as const)
      const outcome = await people.setRole(setting)
      if (outcome.kind === 'refused')
        throw new Refusal('fields_invalid', {
          fields: [{ field: 'user_id', problem: 'is the person of this key; nobody raises their own role' }],
        })
      return reply.send({
        ...{ user_id: userId, team_id: placeId, role: said },
        changed: outcome.kind === 'changed',
      })
    }),
  )
  app.get(
    '/v1/projects/:id/people',
    { onRequest: requireReader(deps) },
    answering(async (request, reply) => reply.send(await sightOf(deps, readerOf(request), idOf(request)))),
  )
  app.post(
    '/v1/projects/:id/people',
    { onRequest: requireManager(deps), bodyLimit },
    answering(async (request, reply) => {
      const manager = managerOf(request)
      const projectId = idOf(request)
      if (!isReached(manager, projectId)) throw new Refusal('project_unknown')
      const fields = readFields(request.body ?? null, ['visibility', 'user_ids', 'team_id'])
      if (!fields.has('visibility'))
        fields.complain('visibility', `is missing; it must be one of ${VISIBILITIES.join(', ')}`)
      const visibility = fields.choice('visibility', VISIBILITIES, 'everyone')
      const userIds = peopleIn(fields)
      const placeId = await placeIn(deps, manager, fields)
      const { orgId, person: by } = manager
      const sight = fields.finish({
        orgId,
        projectId,
        visibility,
        placeId,
        userIds,
        by,
        origin: 'api',
      } as const)
      const outcome = await people.setVisibility(sight)
      if (outcome === 'project_unknown') throw new Refusal('project_unknown')
      return reply.send({
        ...(await sightOf(deps, manager, projectId)),
        changed: outcome === 'changed',
      })
    }),
  )
}

async function sightOf({ manage }: ManageDeps, reach: Reach, projectId: string) {
  if (!isReached(reach, projectId) || !(await manage.hasProject(reach.orgId, projectId)))
    throw new Refusal('project_unknown')
  const { visibility, people } = await manage.people.ofProject(reach.orgId, projectId)
  const named = people.map(({ placeId, userId }) => ({ user_id: userId, team_id: placeId }))
  return { project_id: projectId, visibility, people: named }
}

function personIn(fields: Fields, name: string): string {
  const id = fields.text(name, USER_CHARS_MAX)
  if (id !== '' && !isPersonId(id)) fields.complain(name, 'must be the id of a Slack user, such as U012AB3CD')
  return id
}

function peopleIn(fields: Fields): readonly string[] {
  const given = fields.value('user_ids')
  const listed: readonly unknown[] = Array.isArray(given) ? given : []
  const ids = listed.filter(
    (id): id is string => typeof id === 'string' && isPersonId(id) && !/\p{Cs}/u.test(id),
  )
  const isGood = given === undefined || Array.isArray(given)
  if (!isGood || ids.length !== listed.length || ids.length > NAMED_MAX)
    fields.complain(
      'user_ids',
      `must be a list of at most ${NAMED_MAX} ids of Slack users, such as U012AB3CD`,
    )
  return ids
}

/** Where the ids are unique: the one workspace or enterprise of the organisation, or the one that is said. */
async function placeIn({ manage }: ManageDeps, { orgId }: Reach, fields: Fields): Promise<string> {
  const said = fields.textOrNull('team_id', TEAM_CHARS_MAX)
  const places = await manage.people.places(orgId)
  const found =
    said === null
      ? places.length === 1
        ? places[0]
        : undefined
      : places.find(({ placeId, teamId }) => placeId === said || teamId === said)
  if (found) return found.placeId
  const known = places.map(({ placeId }) => placeId).join(', ')
  fields.complain(
    'team_id',
    places.length === 0
      ? 'is of no workspace that installed LensAI; install it in Slack first'
      : `must be the id of a workspace or an enterprise that installed LensAI: ${known}`,
  )
  return ''
}
