/** API keys as lines for a terminal, and as JSON. Times are UTC. */
import { apiKeyState } from '../../core/api-key-life.ts'
import type { ListedApiKey } from '../../db/postgres/api-key-deeds.ts'
import { aligned } from '../aligned.ts'

const HEAD = ['prefix', 'name', 'project', 'scopes', 'a minute', 'last used', 'expires', 'state']

export function keyLines(keys: readonly ListedApiKey[], now: Date): readonly string[] {
  if (keys.length === 0) return ['There are no keys.']
  return aligned([
    HEAD,
    ...keys.map((key) => [
      key.prefix,
      key.name,
      key.projectName,
      key.person === null ? key.scopes.join(',') : `${key.scopes.join(',')} as ${key.person}`,
      key.requestsPerMinute === null ? 'default' : String(key.requestsPerMinute),
      key.lastUsedAt === null ? 'never' : timeText(key.lastUsedAt),
      key.expiresAt === null ? 'never' : timeText(key.expiresAt),
      stateText(key, keys, now),
    ]),
  ])
}

export const keyJson = (key: ListedApiKey, now: Date): object => ({
  id: key.id,
  prefix: key.prefix,
  name: key.name,
  org_id: key.orgId,
  project_id: key.projectId,
  project: key.projectName,
  scopes: key.scopes,
  person: key.person,
  requests_per_minute: key.requestsPerMinute,
  state: apiKeyState(key, now).kind,
  created_at: key.createdAt,
  created_by: key.createdBy,
  last_used_at: key.lastUsedAt,
  expires_at: key.expiresAt,
  revoked_at: key.revokedAt,
  replaced_by: key.replacedBy,
})

export function isEnded(key: ListedApiKey, now: Date): boolean {
  const { kind } = apiKeyState(key, now)
  return kind === 'expired' || kind === 'revoked'
}

/** To the minute, which is all that a last use is known to. */
export const timeText = (at: Date | null): string =>
  at === null ? 'never' : `${at.toISOString().slice(0, 16).replace('T', ' ')}Z`

function stateText(key: ListedApiKey, all: readonly ListedApiKey[], now: Date): string {
  const state = apiKeyState(key, now)
  if (state.kind === 'revoked') return `revoked ${timeText(state.at)}`
  const follower = key.replacedBy === null ? null : all.find(({ id }) => id === key.replacedBy)
  const followed = key.replacedBy === null ? '' : `, followed by ${follower?.prefix ?? key.replacedBy}`
  return state.kind === 'expired' ? `expired${followed}` : `live${followed}`
}
