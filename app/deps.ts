/** Everything the Slack app can reach. What is not listed here, it cannot do. */
import type { FetchFunction } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Keyring } from '../core/envelope.ts'
import type { ClickHouse } from '../db/clickhouse/open.ts'
import type { Postgres } from '../db/postgres/open.ts'
import type { SlackClientSecret } from './slack/ask-for-tokens.ts'

export interface SlackOAuth extends SlackClientSecret {
  /** Where browsers reach this app; Slack sends them back there. No slash at the end. */
  readonly publicUrl: string
  /** Slack's page that asks a person, in another place than slack.com for the local Slack. */
  readonly authorizeUrl: string
}

/** How Slack's requests come: signed, over HTTP, or where Slack cannot reach the app, by a connection of Socket Mode. */
export type SlackIncoming =
  | { readonly kind: 'http'; readonly signingSecret: string }
  | { readonly kind: 'socket'; readonly appToken: string }

export interface AppDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly keyring: Keyring
  readonly incoming: SlackIncoming
  /** Lets workspaces install the app; null where the one of SLACK_BOT_TOKEN is served. */
  readonly oauth: SlackOAuth | null
  /** Another place than slack.com, for the local Slack; ends in a slash. */
  readonly slackApiUrl: string | null
  /** Shared by all clients of Slack, so that each heeds what any was told. */
  readonly slackFetch: FetchFunction
  readonly ingestUrl: string
  /** Null where Slack cannot reach the app: then nothing is linked, and files are sent. */
  readonly publicAppUrl: string | null
  readonly log: Logger
  readonly now: () => Date
}
