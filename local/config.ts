/**
 * What `npm start` is told by its environment. A store or Slack that is named by a URL or token is used; one that is
 * not is run here, embedded.
 */
import path from 'node:path'
import {
  type Environment,
  HTTP_PROTOCOLS,
  OBJECT_STORE_PROTOCOLS,
  type Parsed,
  POSTGRES_PROTOCOLS,
  type PortWish,
  readSettings,
  type Settings,
} from '../core/settings.ts'

export interface LocalConfig {
  /** Where everything that is kept lies. */
  readonly dir: string
  readonly databaseUrl: string | null
  readonly clickhouseUrl: string | null
  readonly objectStoreUrl: string | null
  readonly slack: SlackAccess | null
  readonly ports: Readonly<Record<ServedPart, PortWish>>
  readonly logLevel: string
  /** Variables that the children need as they are, such as the object store's credentials or the port of metrics. */
  readonly passedOn: Readonly<Record<string, string>>
}

export interface SlackAccess {
  readonly botToken: string
  /** How Slack's requests are known: signed, or by a connection of Socket Mode, which needs no public address. */
  readonly incoming:
    | { readonly kind: 'http'; readonly signingSecret: string }
    | { readonly kind: 'socket'; readonly appToken: string }
  readonly apiUrl: string | null
}

export type ServedPart = 'ingest' | 'app' | 'sandbox'

const PASSED_ON =
  /^(AWS_|WEBHOOKS_ALLOW_LOOPBACK$|METRICS_PORT$|METRICS_HOST$|HTTPS?_PROXY$|NO_PROXY$|NODE_EXTRA_CA_CERTS$|PATH$|HOME$|TMPDIR$|TZ$)/

export function parseLocalConfig(env: Environment, cwd: string): Parsed<LocalConfig> {
  const settings = readSettings(env)
  return settings.finish({
    dir: localDir(env, cwd),
    databaseUrl: settings.optionalUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
    clickhouseUrl: settings.optionalUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
    objectStoreUrl: settings.optionalUrl('OBJECT_STORE_URL', OBJECT_STORE_PROTOCOLS),
    slack: readSlack(settings),
    ports: {
      ingest: settings.portWish('INGEST_PORT', 4100),
      app: settings.portWish('APP_PORT', 4200),
      sandbox: settings.portWish('SANDBOX_PORT', 4300),
    },
    logLevel: settings.logLevel(),
    passedOn: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => {
        const [name, value] = entry
        return value !== undefined && PASSED_ON.test(name.toUpperCase())
      }),
    ),
  })
}

/** The folder of `npm start`, for the commands that join it too. */
export const localDir = (env: Environment, cwd: string): string => path.resolve(cwd, env.LENS_DIR || '.lens')

function readSlack(settings: Settings): SlackAccess | null {
  const botToken = settings.slackBotToken()
  const appToken = settings.slackAppToken()
  const signingSecret = settings.optional('SLACK_SIGNING_SECRET')
  const apiUrl = settings.optionalUrl('SLACK_API_URL', HTTP_PROTOCOLS)
  if (botToken !== null && appToken !== null)
    return { botToken, incoming: { kind: 'socket', appToken }, apiUrl }
  if (botToken !== null && signingSecret !== null)
    return { botToken, incoming: { kind: 'http', signingSecret }, apiUrl }
  if (botToken !== null || appToken !== null || signingSecret !== null) {
    const missing = botToken === null ? 'SLACK_BOT_TOKEN' : 'SLACK_SIGNING_SECRET'
    settings.complain(
      `${missing} is missing: to talk to Slack, set SLACK_BOT_TOKEN with SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET`,
    )
  }
  return null
}
