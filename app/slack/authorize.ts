/** Who sends this request: the installation of its workspace, read every time, so that an uninstall counts at once. */
import type { Authorize } from '@slack/bolt'
import { findInstallation } from '../../db/postgres/installations.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import type { TokenOf } from './token-keeper.ts'

/** What a listener knows of the workspace that it answers. */
export interface Caller {
  readonly orgId: string
  readonly installationId: string
  readonly teamId: string | null
  readonly enterpriseId: string | null
}

export function authorizeFrom(deps: { postgres: Postgres; tokenOf: TokenOf }): Authorize<boolean> {
  return async ({ teamId, enterpriseId }) => {
    const found = await findInstallation(deps.postgres.tables, { teamId, enterpriseId })
    if (!found) throw new Error('this workspace has not installed the app')
    const caller: Caller = {
      orgId: found.orgId,
      installationId: found.id,
      teamId: found.teamId,
      enterpriseId: found.enterpriseId,
    }
    return {
      botToken: await deps.tokenOf(found),
      botId: found.botId,
      botUserId: found.botUserId,
      ...(teamId === undefined ? {} : { teamId }),
      ...(enterpriseId === undefined ? {} : { enterpriseId }),
      caller,
    }
  }
}

/** Bolt hands listeners an open bag; this is the one place that takes our own value out of it. */
export function callerOf(context: Readonly<Record<string, unknown>>): Caller {
  const { caller } = context
  if (!isCaller(caller)) throw new Error('a listener ran without an authorised installation')
  return caller
}

const isCaller = (value: unknown): value is Caller =>
  typeof value === 'object' && value !== null && 'orgId' in value && 'installationId' in value
