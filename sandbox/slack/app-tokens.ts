/** `apps.connections.open`: who may ask for a connection, and what Slack answers to everybody else. */
import { type Answer, refuse } from './api-answer.ts'

export interface AppToken {
  readonly token: string
  readonly scopes: readonly string[]
}

export interface ConnectionCall {
  /** The method takes POST alone, and its token from the header alone. */
  readonly httpMethod: string
  readonly authorization: string | undefined
}

const SCOPE = 'connections:write'

/** Null when a connection may be opened. */
export function refuseConnection(
  tokens: readonly AppToken[],
  { httpMethod, authorization }: ConnectionCall,
): Answer | null {
  if (httpMethod !== 'POST') return refuse('insecure_request')
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return refuse('not_authed')
  const known = tokens.find((one) => one.token === token)
  if (known === undefined) return refuse(/^xox[a-z]-/.test(token) ? 'not_allowed_token_type' : 'invalid_auth')
  if (!known.scopes.includes(SCOPE))
    return refuse('missing_scope', { needed: SCOPE, provided: known.scopes.join(',') })
  return null
}
