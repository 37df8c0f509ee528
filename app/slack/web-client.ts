/**
 * A client of Slack's Web API with every wait bounded. The SDK's own defaults never time out and retry for thirty
 * minutes; here a call fails soon, and whoever called decides what to do.
 */
import { type FetchFunction, WebClient, type WebClientOptions } from '@slack/web-api'
import type { Logger } from 'pino'
import { slackLogger } from './slack-logger.ts'

const TIMEOUT_MS = 5_000

export interface SlackClientDeps {
  readonly slackApiUrl: string | null
  readonly slackFetch: FetchFunction
  readonly log: Logger
}

/** No retries here: a post that timed out may have arrived, and the outbox alone weighs that. */
export function slackClientOptions({ slackApiUrl, slackFetch, log }: SlackClientDeps): WebClientOptions {
  return {
    fetch: slackFetch,
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: slackLogger(log),
    ...(slackApiUrl === null ? {} : { slackApiUrl }),
  }
}

export const openSlack = (token: string, deps: SlackClientDeps): WebClient =>
  new WebClient(token, slackClientOptions(deps))
