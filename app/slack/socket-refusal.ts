/** What Slack has against an app-level token, and what a person does about it. Null when waiting may help. */
import type { SlackFailure } from './slack-failure.ts'

const WHERE = 'under Basic Information, App-Level Tokens, on the page of the Slack app'

export function socketRefusal(failure: SlackFailure | null): string | null {
  if (failure?.kind !== 'refused') return null
  switch (failure.error) {
    case 'invalid_auth':
    case 'not_authed':
    case 'token_revoked':
    case 'account_inactive':
      return `Slack does not know SLACK_APP_TOKEN (${failure.error}): make a token with the scope connections:write ${WHERE}, and set it`
    case 'not_allowed_token_type':
      return `SLACK_APP_TOKEN is a token of another kind: take one that begins with xapp-, ${WHERE}`
    case 'missing_scope':
      return `SLACK_APP_TOKEN lacks the scope connections:write: make another token with it ${WHERE}`
    default:
      return null
  }
}
