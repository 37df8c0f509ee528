/**
 * What `npm start` is told by its environment, parsed once; every bad variable is reported together.
 * A store or Slack that is named by a URL or token is used; one that is not is run here, embedded.
 */
import path from 'node:path'

export interface LocalConfig {
  /** Where everything that is kept lies. */
  readonly dir: string
  readonly databaseUrl: string | null
  readonly clickhouseUrl: string | null
  readonly objectStoreUrl: string | null
  readonly slack: SlackAccess | null
  readonly ports: Readonly<Record<ServedPart, PortWish>>
  readonly logLevel: string
  /** Variables that the children need as they are, such as the object store's credentials. */
  readonly passedOn: Readonly<Record<string, string>>
}

export interface SlackAccess {
  readonly botToken: string
  readonly signingSecret: string
  readonly apiUrl: string | null
}

export type ServedPart = 'ingest' | 'app' | 'sandbox'

export interface PortWish {
  readonly variable: string
  readonly port: number
  /** False when nobody asked for this port: another free one does as well. */
  readonly asked: boolean
}

const PORTS: Readonly<Record<ServedPart, { variable: string; port: number }>> = {
  ingest: { variable: 'INGEST_PORT', port: 4100 },
  app: { variable: 'APP_PORT', port: 4200 },
  sandbox: { variable: 'SANDBOX_PORT', port: 4300 },
}
const LOG_LEVELS = ['debug', 'info', 'warn', 'error']
const PASSED_ON = /^(AWS_|HTTPS?_PROXY$|NO_PROXY$|NODE_EXTRA_CA_CERTS$|PATH$|HOME$|TMPDIR$|TZ$)/

export type LocalConfigResult =
  | { readonly kind: 'config'; readonly config: LocalConfig }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

export function parseLocalConfig(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): LocalConfigResult {
  const problems: string[] = []
  const config: LocalConfig = {
    dir: path.resolve(cwd, env.LENS_DIR ?? '.lens'),
    databaseUrl: readUrl(env, 'DATABASE_URL', ['postgres:', 'postgresql:'], problems),
    clickhouseUrl: readUrl(env, 'CLICKHOUSE_URL', ['http:', 'https:'], problems),
    objectStoreUrl: readUrl(env, 'OBJECT_STORE_URL', ['file:', 's3:'], problems),
    slack: readSlack(env, problems),
    ports: {
      ingest: readPort(env, 'ingest', problems),
      app: readPort(env, 'app', problems),
      sandbox: readPort(env, 'sandbox', problems),
    },
    logLevel: readLogLevel(env, problems),
    passedOn: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => {
        const [name, value] = entry
        return value !== undefined && PASSED_ON.test(name.toUpperCase())
      }),
    ),
  }
  return problems.length === 0 ? { kind: 'config', config } : { kind: 'bad', problems }
}

type Env = Readonly<Record<string, string | undefined>>

function readUrl(env: Env, name: string, protocols: readonly string[], problems: string[]): string | null {
  const text = env[name]
  if (text === undefined || text === '') return null
  // The value may hold a password, so the complaint names the variable and never the value.
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
  problems.push(`${name} must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`)
  return null
}

function readSlack(env: Env, problems: string[]): SlackAccess | null {
  const { SLACK_BOT_TOKEN: botToken = '', SLACK_SIGNING_SECRET: signingSecret = '' } = env
  const apiUrl = readUrl(env, 'SLACK_API_URL', ['http:', 'https:'], problems)
  if (botToken === '' && signingSecret === '') return null
  if (botToken === '' || signingSecret === '') {
    const missing = botToken === '' ? 'SLACK_BOT_TOKEN' : 'SLACK_SIGNING_SECRET'
    problems.push(
      `${missing} is missing: to talk to Slack, set both SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET`,
    )
    return null
  }
  if (!botToken.startsWith('xoxb-')) {
    problems.push('SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-')
  }
  return { botToken, signingSecret, apiUrl }
}

function readPort(env: Env, part: ServedPart, problems: string[]): PortWish {
  const { variable, port } = PORTS[part]
  const text = env[variable]
  if (text === undefined || text === '') return { variable, port, asked: false }
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) {
    return { variable, port: Number(text), asked: true }
  }
  problems.push(`${variable} must be a port from 1 to 65535`)
  return { variable, port, asked: true }
}

function readLogLevel(env: Env, problems: string[]): string {
  const level = env.LOG_LEVEL ?? 'info'
  if (!LOG_LEVELS.includes(level)) problems.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)
  return level
}
