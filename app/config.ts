/** What the Slack app is told by its environment. */
import { type Keyring, parseKeyring } from '../core/envelope.ts'
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
  readonly logLevel: string
}

const PORT = 4200
const KEYRING_FORM =
  'ID:BASE64 of 32 bytes, such as k1:$(openssl rand -base64 32); several with commas, newest first'
/** Stands where a keyring was complained of, as an empty text does for a URL; nobody receives it. */
const NO_KEYRING: Keyring = { currentKeyId: '', keys: new Map() }

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
    logLevel: settings.logLevel(),
  })
}

/** The SDK joins method names to this address, so it ends in a slash. */
function readSlackApiUrl(settings: Settings): string | null {
  const url = settings.optionalUrl('SLACK_API_URL', HTTP_PROTOCOLS)
  return url === null ? null : `${url.replace(/\/$/, '')}/`
}

function readKeyring(settings: Settings): Keyring {
  const text = settings.required('LENS_SECRET_KEYS', `it must be ${KEYRING_FORM}`)
  if (text === '') return NO_KEYRING
  try {
    return parseKeyring(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    settings.complain(`LENS_SECRET_KEYS must be ${KEYRING_FORM} (${why})`)
    return NO_KEYRING
  }
}
