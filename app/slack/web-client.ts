/**
 * A client of Slack's Web API with every wait bounded. The SDK's own defaults never time out and retry for thirty
 * minutes; here a call fails soon, and whoever called decides what to do.
 */
import { WebClient, type WebClientOptions } from '@slack/web-api'

const TIMEOUT_MS = 5_000

/** No retries here: a post that timed out may have arrived, and the outbox alone weighs that. */
export function slackClientOptions(slackApiUrl: string | null): WebClientOptions {
  return {
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(slackApiUrl === null ? {} : { slackApiUrl }),
  }
}

export const openSlack = (token: string, slackApiUrl: string | null): WebClient =>
  new WebClient(token, slackClientOptions(slackApiUrl))
