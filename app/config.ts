/**
 * What the Slack app is told by its environment, parsed once; every bad variable is reported together.
 * Invariant: a complaint names the variable and what was expected, never the value: it may be a secret.
 */
import { type Keyring, parseKeyring } from '../core/envelope.ts'

export interface AppConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly host: string
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

export type AppConfigResult =
  | { readonly kind: 'config'; readonly config: AppConfig }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

type Env = Readonly<Record<string, string | undefined>>

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

export function parseAppConfig(env: Env): AppConfigResult {
  const problems: string[] = []
  const config = {
    databaseUrl: readUrl(env, 'DATABASE_URL', ['postgres:', 'postgresql:'], problems) ?? '',
    clickhouseUrl: readUrl(env, 'CLICKHOUSE_URL', ['http:', 'https:'], problems) ?? '',
    host: env.APP_HOST || '0.0.0.0',
    port: readPort(env, problems),
    signingSecret: readSigningSecret(env, problems),
    botToken: readBotToken(env, problems),
    slackApiUrl: readSlackApiUrl(env, problems),
    keyring: readKeyring(env, problems),
    ingestUrl: readUrl(env, 'PUBLIC_INGEST_URL', ['http:', 'https:'], problems)?.replace(/\/$/, '') ?? '',
    logLevel: readLogLevel(env, problems),
  }
  const { keyring } = config
  if (problems.length > 0 || keyring === null) return { kind: 'bad', problems }
  return { kind: 'config', config: { ...config, keyring } }
}

function readUrl(env: Env, name: string, protocols: readonly string[], problems: string[]): string | null {
  const text = env[name] ?? ''
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
  const missing = text === '' ? 'is missing: it must be' : 'must be'
  problems.push(`${name} ${missing} a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`)
  return null
}

/** Platforms give PORT; APP_PORT wins where both are set. 0 takes a free port. */
function readPort(env: Env, problems: string[]): number {
  const name = env.APP_PORT ? 'APP_PORT' : 'PORT'
  const text = env[name] || '4200'
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  problems.push(`${name} must be a port from 0 to 65535`)
  return 0
}

function readSigningSecret(env: Env, problems: string[]): string {
  const secret = env.SLACK_SIGNING_SECRET ?? ''
  if (secret === '') {
    problems.push(
      'SLACK_SIGNING_SECRET is missing: it stands on the page of the Slack app, under Basic Information',
    )
  }
  return secret
}

function readBotToken(env: Env, problems: string[]): string | null {
  const token = env.SLACK_BOT_TOKEN ?? ''
  if (token === '') return null
  if (token.startsWith('xoxb-')) return token
  problems.push('SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-')
  return null
}

/** The SDK joins method names to this address, so it ends in a slash. */
function readSlackApiUrl(env: Env, problems: string[]): string | null {
  if (!env.SLACK_API_URL) return null
  const url = readUrl(env, 'SLACK_API_URL', ['http:', 'https:'], problems)
  return url === null ? null : `${url.replace(/\/$/, '')}/`
}

function readKeyring(env: Env, problems: string[]): Keyring | null {
  const form =
    'ID:BASE64 of 32 bytes, such as k1:$(openssl rand -base64 32); several with commas, newest first'
  if (!env.LENS_SECRET_KEYS) {
    problems.push(`LENS_SECRET_KEYS is missing: it must be ${form}`)
    return null
  }
  try {
    return parseKeyring(env.LENS_SECRET_KEYS)
  } catch (error) {
    problems.push(
      `LENS_SECRET_KEYS must be ${form} (${error instanceof Error ? error.message : 'unreadable'})`,
    )
    return null
  }
}

function readLogLevel(env: Env, problems: string[]): string {
  const level = env.LOG_LEVEL || 'info'
  if (!LOG_LEVELS.includes(level)) problems.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)
  return level
}
