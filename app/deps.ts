/** Everything the Slack app can reach. What is not listed here, it cannot do. */
import type { Logger } from 'pino'
import type { Keyring } from '../core/envelope.ts'
import type { ClickHouse } from '../db/clickhouse/open.ts'
import type { Postgres } from '../db/postgres/open.ts'

export interface AppDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly keyring: Keyring
  readonly signingSecret: string
  /** Another place than slack.com, for the local Slack; ends in a slash. */
  readonly slackApiUrl: string | null
  readonly ingestUrl: string
  /** Null where Slack cannot reach the app: then nothing is linked, and files are sent. */
  readonly publicAppUrl: string | null
  readonly log: Logger
  readonly now: () => Date
}
