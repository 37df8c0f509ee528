/** The client of each installation, made once a token: background work has no request that brings one. */
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Installation } from '../../db/postgres/installations.ts'
import type { TokenOf } from './token-keeper.ts'
import { openSlack, type SlackClientDeps } from './web-client.ts'

export type SlackOf = (installation: Installation) => Promise<WebClient>

/** Null when the token cannot be opened: a key that left the keyring stops its own workspace, and no other. */
export async function openClient(
  { slackOf, log }: { readonly slackOf: SlackOf; readonly log: Logger },
  installation: Installation,
): Promise<WebClient | null> {
  try {
    return await slackOf(installation)
  } catch (error) {
    log.error({ err: error, installationId: installation.id }, 'a Slack token could not be opened')
    return null
  }
}

export function slackClients(deps: SlackClientDeps & { readonly tokenOf: TokenOf }): SlackOf {
  const clients = new Map<string, { token: string; client: WebClient }>()
  return async (installation) => {
    const token = await deps.tokenOf(installation)
    const known = clients.get(installation.id)
    if (known?.token === token) return known.client
    const client = openSlack(token, deps)
    clients.set(installation.id, { token, client })
    return client
  }
}
