/** What went wrong with a call of Slack, as one tagged value: the SDK's many errors end here. */
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api'

export type SlackFailure =
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** No answer, or one of a broken server: the call may or may not have been done. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'refused'; readonly error: string; readonly details: readonly string[] }

/** Null when the error is not Slack's: then it is ours, and is thrown on. */
export function slackFailureOf(error: unknown): SlackFailure | null {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate_limited', retryAfterMs: error.retryAfter * 1000 }
  }
  if (error instanceof WebAPIPlatformError) {
    return { kind: 'refused', error: error.data.error, details: error.data.response_metadata?.messages ?? [] }
  }
  if (error instanceof WebAPIHTTPError) return { kind: 'unreachable', reason: `HTTP ${error.statusCode}` }
  if (error instanceof WebAPIRequestError) return { kind: 'unreachable', reason: error.original.message }
  return null
}

/** Errors that stay until a person does something: invites the app, or installs it again. */
const BLOCKED = [
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'account_inactive',
  'restricted_action',
]
const TOKEN_DEAD = [
  'invalid_auth',
  'token_revoked',
  'token_expired',
  'not_authed',
  'account_inactive',
  'token_unreadable',
]

export const needsPerson = (failure: SlackFailure): boolean =>
  failure.kind === 'refused' && (BLOCKED.includes(failure.error) || TOKEN_DEAD.includes(failure.error))

export const isTokenDead = (failure: SlackFailure): boolean =>
  failure.kind === 'refused' && TOKEN_DEAD.includes(failure.error)

/** To the person who acted; a dead token has words of its own. */
export function sayFailure(failure: SlackFailure): string {
  if (failure.kind !== 'rate_limited') return 'Slack did not answer LensAI in time.'
  const waitS = Math.ceil(failure.retryAfterMs / 1000)
  const seconds = waitS === 1 ? 'second' : `${waitS} seconds`
  return `Slack asks LensAI to slow down for ${waitS === 1 ? 'a ' : ''}${seconds}.`
}

/** For logs and the outbox row; holds no secret. */
export function describeFailure(failure: SlackFailure): string {
  if (failure.kind === 'rate_limited') return `rate limited for ${failure.retryAfterMs} ms`
  if (failure.kind === 'unreachable') return `Slack did not answer (${failure.reason})`
  return [`Slack refused: ${failure.error}`, ...failure.details].join('; ')
}
