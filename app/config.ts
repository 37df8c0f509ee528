/** What the Slack app is told by its environment. */
import type { Keyring } from '../core/envelope.ts'
import { readKeyring } from '../core/keyring-setting.ts'
import {
  type Environment,
  HTTP_PROTOCOLS,
  type Parsed,
  POSTGRES_PROTOCOLS,
  readSettings,
  type Settings,
} from '../core/settings.ts'

export interface AppConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly signingSecret: string
  /** Saved as an installation at start; without it, only installations saved before are served. */
  readonly botToken: string | null
  readonly slackApiUrl: string | null
  readonly keyring: Keyring
  /** Where SDKs send events, as people are told it. */
  readonly ingestUrl: string
  /** Where Slack reaches this app over the internet, for pictures in Home; null where there is no such address. */
  readonly publicAppUrl: string | null
  readonly logLevel: string
}

const PORT = 4200
export function parseAppConfig(env: Environment): Parsed<AppConfig> {
  const settings = readSettings(env)
  return settings.finish({
    databaseUrl: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
    clickhouseUrl: settings.requiredUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
    host: settings.optional('APP_HOST') ?? '0.0.0.0',
    // Platforms that run a Procfile say PORT.
    port: settings.port(['APP_PORT', 'PORT'], PORT),
    signingSecret: settings.required(
      'SLACK_SIGNING_SECRET',
      'it stands on the page of the Slack app, under Basic Information',
    ),
    botToken: settings.slackBotToken(),
    slackApiUrl: readSlackApiUrl(settings),
    keyring: readKeyring(settings),
    ingestUrl: settings.requiredUrl('PUBLIC_INGEST_URL', HTTP_PROTOCOLS).replace(/\/$/, ''),
    publicAppUrl: settings.optionalUrl('PUBLIC_APP_URL', HTTP_PROTOCOLS)?.replace(/\/$/, '') ?? null,
    logLevel: settings.logLevel(),
  })
}

/** The SDK joins method names to this address, so it ends in a slash. */
function readSlackApiUrl(settings: Settings): string | null {
  const url = settings.optionalUrl('SLACK_API_URL', HTTP_PROTOCOLS)
  return url === null ? null : `${url.replace(/\/$/, '')}/`
}
