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
import type { SlackIncoming, SlackOAuth } from './deps.ts'

export interface AppConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly incoming: SlackIncoming
  /** The one workspace that is served, saved as an installation at start. */
  readonly botToken: string | null
  readonly oauth: SlackOAuth | null
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
  const publicAppUrl = settings.optionalUrl('PUBLIC_APP_URL', HTTP_PROTOCOLS)?.replace(/\/$/, '') ?? null
  return settings.finish({
    databaseUrl: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
    clickhouseUrl: settings.requiredUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
    host: settings.optional('APP_HOST') ?? '0.0.0.0',
    // Platforms that run a Procfile say PORT.
    port: settings.port(['APP_PORT', 'PORT'], PORT),
    incoming: readIncoming(settings),
    botToken: settings.slackBotToken(),
    oauth: readOAuth(settings, publicAppUrl),
    slackApiUrl: readSlackApiUrl(settings),
    keyring: readKeyring(settings),
    ingestUrl: settings.requiredUrl('PUBLIC_INGEST_URL', HTTP_PROTOCOLS).replace(/\/$/, ''),
    publicAppUrl,
    logLevel: settings.logLevel(),
  })
}

/** The SDK joins method names to this address, so it ends in a slash. */
function readSlackApiUrl(settings: Settings): string | null {
  const url = settings.optionalUrl('SLACK_API_URL', HTTP_PROTOCOLS)
  return url === null ? null : `${url.replace(/\/$/, '')}/`
}

const AUTHORIZE_URL = 'https://slack.com/oauth/v2/authorize'

function readOAuth(settings: Settings, publicUrl: string | null): SlackOAuth | null {
  const [clientId, clientSecret] = [
    settings.optional('SLACK_CLIENT_ID'),
    settings.optional('SLACK_CLIENT_SECRET'),
  ]
  const authorizeUrl = settings.optionalUrl('SLACK_AUTHORIZE_URL', HTTP_PROTOCOLS) ?? AUTHORIZE_URL
  if (clientId === null && clientSecret === null) return null
  if (clientId === null || clientSecret === null) {
    const missing = clientId === null ? 'SLACK_CLIENT_ID' : 'SLACK_CLIENT_SECRET'
    settings.complain(
      `${missing} is missing: both stand on the page of the Slack app, under Basic Information`,
    )
    return null
  }
  if (settings.optional('SLACK_BOT_TOKEN') !== null) {
    settings.complain(
      'SLACK_BOT_TOKEN must not be set beside SLACK_CLIENT_ID: it serves one workspace, that one any',
    )
  }
  if (publicUrl === null) {
    settings.complain(
      'PUBLIC_APP_URL is missing: the address of this app, to which Slack sends browsers back',
    )
    return null
  }
  return { clientId, clientSecret, publicUrl, authorizeUrl }
}

/** With an app-level token the app asks Slack for a connection, and there is nothing that Slack would sign. */
function readIncoming(settings: Settings): SlackIncoming {
  const appToken = settings.slackAppToken()
  if (appToken === null) {
    const where = 'it stands on the page of the Slack app, under Basic Information'
    return { kind: 'http', signingSecret: settings.required('SLACK_SIGNING_SECRET', where) }
  }
  if (settings.optional('SLACK_CLIENT_ID') !== null) {
    settings.complain(
      'SLACK_APP_TOKEN must not be set beside SLACK_CLIENT_ID: Socket Mode serves the one workspace of SLACK_BOT_TOKEN',
    )
  } else if (settings.optional('SLACK_BOT_TOKEN') === null) {
    settings.complain(
      'SLACK_BOT_TOKEN is missing: Socket Mode serves the one workspace of that token, which stands under OAuth & Permissions once the app is installed',
    )
  }
  return { kind: 'socket', appToken }
}
