/**
 * `npm run keys`: lists, makes, rotates and revokes API keys.
 * Invariant: a key's text is the one line of stdout that made it, and stands nowhere else.
 */

import { unreachable } from '../../core/unreachable.ts'
import {
  createApiKey,
  findApiKeysNamed,
  type ListedApiKey,
  listApiKeys,
  type MadeApiKey,
  revokeApiKey,
  rotateApiKey,
} from '../../db/postgres/api-key-deeds.ts'
import { ensureOrganisation, ensureProject, type Project } from '../../db/postgres/projects.ts'
import { type Named, organisationNamed, projectNamed } from '../operate/named.ts'
import { failed, type Operation, type Operator } from '../operate/operation.ts'
import type { CreateKey, KeysAsked, ListKeys, RevokeKey, RotateKey } from './arguments.ts'
import { isEnded, keyJson, keyLines, timeText } from './report.ts'

const IN_FORCE = 'Each replica of ingest hears of it within 10 seconds.'

export function runKeys(asked: KeysAsked, operator: Operator): Promise<Operation> {
  switch (asked.kind) {
    case 'list':
      return list(asked, operator)
    case 'create':
      return create(asked, operator)
    case 'rotate':
      return rotate(asked, operator)
    case 'revoke':
      return revoke(asked, operator)
    default:
      return unreachable(asked)
  }
}

async function list({ org, project, all, json }: ListKeys, operator: Operator): Promise<Operation> {
  const { tables } = operator.postgres
  const owner = org === null ? null : await organisationNamed(tables, org)
  if (owner?.kind === 'bad') return failed(owner.problem)
  const of = project === null ? null : await projectNamed(tables, project, owner?.one ?? null)
  if (of?.kind === 'bad') return failed(of.problem)
  const keys = await listApiKeys(tables, {
    ...(owner === null ? {} : { orgId: owner.one.id }),
    ...(of === null ? {} : { projectId: of.one.id }),
  })
  const now = operator.now()
  const shown = all ? keys : keys.filter((key) => !isEnded(key, now))
  if (json)
    return {
      kind: 'done',
      lines: [
        JSON.stringify(
          shown.map((key) => keyJson(key, now)),
          null,
          2,
        ),
      ],
    }
  const hidden = keys.length - shown.length
  const notes = hidden === 0 ? [] : [`${hidden} more are expired or revoked: --all shows them.`]
  return { kind: 'done', lines: keyLines(shown, now), notes }
}

async function create(asked: CreateKey, operator: Operator): Promise<Operation> {
  const { postgres, by } = operator
  const of = await projectOf(asked, operator)
  if (of.kind === 'bad') return failed(of.problem)
  const { id: projectId, orgId } = of.one
  const { name, scopes, person, expiresAt, requestsPerMinute } = asked
  const key = { orgId, projectId, name, scopes, person, expiresAt, requestsPerMinute, by }
  const made = await createApiKey(postgres, key, operator.now())
  const ends = expiresAt === null ? 'never expires' : `expires ${timeText(expiresAt)}`
  return shownOnce(asked.json, made, [
    `${made.prefix} "${name}" of ${of.one.name} may ${scopes.join(', ')} and ${ends}.`,
    ...(person === null ? [] : [`What it manages is done in the name of ${person}.`]),
  ])
}

async function rotate({ key: name, overlapMs, json }: RotateKey, operator: Operator): Promise<Operation> {
  const { postgres, by } = operator
  const found = await keyNamed(operator, name)
  if (found.kind === 'bad') return failed(found.problem)
  const { id: keyId, prefix, expiresAt } = found.one
  const outcome = await rotateApiKey(postgres, { keyId, overlapMs, by }, operator.now())
  if (outcome.kind === 'rotated') {
    return shownOnce(json, outcome.made, [
      `${outcome.made.prefix} follows ${prefix}, which works until ${timeText(outcome.oldExpiresAt)}.`,
      IN_FORCE,
    ])
  }
  switch (outcome.why) {
    case 'replaced':
      return failed(`${prefix} was rotated already: rotate the key that follows it, or create another one`)
    case 'expired':
      return failed(`${prefix} expired ${timeText(expiresAt)}: create another one`)
    case 'revoked':
      return failed(`${prefix} is revoked: create another one`)
    case 'unknown':
      return failed(`${prefix} is gone`)
    default:
      return unreachable(outcome.why)
  }
}

async function revoke({ key: name, json }: RevokeKey, operator: Operator): Promise<Operation> {
  const { postgres, by } = operator
  const found = await keyNamed(operator, name)
  if (found.kind === 'bad') return failed(found.problem)
  const { id: keyId, prefix } = found.one
  const now = operator.now()
  const outcome = await revokeApiKey(postgres, { keyId, by }, now)
  if (outcome.kind === 'refused') return failed(`${prefix} is gone`)
  const at = outcome.kind === 'already' ? outcome.at : now
  if (json) return { kind: 'done', lines: [JSON.stringify({ id: keyId, prefix, revoked_at: at })] }
  if (outcome.kind === 'already') {
    return { kind: 'done', lines: [`${prefix} was revoked ${timeText(at)} already; nothing was changed.`] }
  }
  const notes = [`${IN_FORCE} One that cannot reach Postgres takes the key for up to 5 minutes.`]
  return { kind: 'done', lines: [`${prefix} is revoked, for good.`], notes }
}

function shownOnce(json: boolean, made: MadeApiKey, notes: readonly string[]): Operation {
  const { id, prefix, text, expiresAt } = made
  const line = json ? JSON.stringify({ id, prefix, key: text, expires_at: expiresAt }) : text
  return {
    kind: 'done',
    lines: [line],
    notes: [...notes, 'The key is shown once, above: keep it as a secret.'],
  }
}

async function projectOf(asked: CreateKey, operator: Operator): Promise<Named<Project>> {
  const { org, project, isNewProject } = asked
  const { postgres } = operator
  const { tables } = postgres
  const now = operator.now()
  // The first key may come before anything else has made an organisation.
  if (isNewProject && org === null) await ensureOrganisation(tables, 'My organisation', now)
  const owner = org === null && !isNewProject ? null : await organisationNamed(tables, org)
  if (owner?.kind === 'bad') return owner
  const known = await projectNamed(tables, project, owner?.one ?? null)
  if (!isNewProject) {
    return known.kind === 'found'
      ? known
      : { kind: 'bad', problem: `${known.problem}; --new-project makes it` }
  }
  if (known.kind === 'found') {
    return { kind: 'bad', problem: `there is a project "${project}" already: leave --new-project out` }
  }
  if (owner === null) throw new Error('a new project needs its organisation')
  return { kind: 'found', one: await ensureProject(tables, { orgId: owner.one.id, name: project }, now) }
}

async function keyNamed({ postgres }: Operator, name: string): Promise<Named<ListedApiKey>> {
  const [one, ...others] = await findApiKeysNamed(postgres.tables, name)
  if (one === undefined) {
    return {
      kind: 'bad',
      problem: `there is no key "${name.slice(0, 64)}": npm run keys -- list --all shows them`,
    }
  }
  if (others.length === 0) return { kind: 'found', one }
  const ids = [one, ...others].map(({ id, projectName }) => `${id} (${projectName})`)
  return { kind: 'bad', problem: `several keys begin with ${name}: say the id, one of ${ids.join(', ')}` }
}
