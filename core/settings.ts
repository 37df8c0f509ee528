/**
 * Reads settings from an environment given as a plain record, and collects every complaint, so that an operator sees
 * all of them at once. A complaint names the variable and what was expected, never the value: it may be a secret.
 */
export type Environment = Readonly<Record<string, string | undefined>>

export type Parsed<Config> =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

export const POSTGRES_PROTOCOLS = ['postgres:', 'postgresql:']
export const HTTP_PROTOCOLS = ['http:', 'https:']
export const OBJECT_STORE_PROTOCOLS = ['file:', 's3:']
const PORT_MAX = 65_535
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

export interface PortWish {
  readonly variable: string
  readonly port: number
  /** False when nobody asked for this port: another free one does as well. */
  readonly asked: boolean
}

export interface Settings {
  /** A variable that may be absent: null then. */
  optional(name: string): string | null
  /** A variable that must be there; `what` says what it is and where to find it. */
  required(name: string, what: string): string
  optionalUrl(name: string, protocols: readonly string[]): string | null
  requiredUrl(name: string, protocols: readonly string[]): string
  /** The first of the names that is set, else `otherwise`; 0 takes any free port. */
  port(names: readonly string[], otherwise: number): number
  /** A port that somebody asks for, or one that may as well be another when it is taken. */
  portWish(name: string, otherwise: number): PortWish
  /** The token of the Slack app, or null. */
  slackBotToken(): string | null
  /** The app-level token, which turns Socket Mode on, or null. */
  slackAppToken(): string | null
  logLevel(): string
  complain(problem: string): void
  /** The config, unless anything was complained of. */
  finish<Config>(config: Config): Parsed<Config>
}

export function readSettings(env: Environment): Settings {
  const problems: string[] = []
  const complain = (problem: string) => {
    problems.push(problem)
  }
  const optional = (name: string) => env[name] || null
  const readUrl = (name: string, text: string, protocols: readonly string[]) => {
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
    complain(`${name} must be ${urlForm(protocols)}`)
    return null
  }
  const optionalUrl = (name: string, protocols: readonly string[]) => {
    const text = optional(name)
    return text === null ? null : readUrl(name, text, protocols)
  }
  const readPort = (name: string, text: string, from: number) => {
    if (/^\d{1,5}$/.test(text) && Number(text) >= from && Number(text) <= PORT_MAX) return Number(text)
    complain(`${name} must be a port from ${from} to ${PORT_MAX}`)
    return null
  }
  return {
    optional,
    optionalUrl,
    complain,
    required: (name, what) => {
      const text = optional(name)
      if (text === null) complain(`${name} is missing: ${what}`)
      return text ?? ''
    },
    requiredUrl: (name, protocols) => {
      const text = optional(name)
      if (text === null) complain(`${name} is missing: it must be ${urlForm(protocols)}`)
      return (text === null ? null : readUrl(name, text, protocols)) ?? ''
    },
    port: (names, otherwise) => {
      const name = names.find((each) => optional(each) !== null)
      if (name === undefined) return otherwise
      return readPort(name, env[name] ?? '', 0) ?? otherwise
    },
    portWish: (variable, otherwise) => {
      const text = optional(variable)
      if (text === null) return { variable, port: otherwise, asked: false }
      return { variable, port: readPort(variable, text, 1) ?? otherwise, asked: true }
    },
    slackBotToken: () => {
      const token = optional('SLACK_BOT_TOKEN')
      if (token !== null && !token.startsWith('xoxb-')) {
        complain('SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-')
      }
      return token
    },
    slackAppToken: () => {
      const token = optional('SLACK_APP_TOKEN')
      if (token !== null && !token.startsWith('xapp-')) {
        complain(
          'SLACK_APP_TOKEN must be an app-level token, which begins with xapp-: make one with the scope connections:write under Basic Information, App-Level Tokens',
        )
      }
      return token
    },
    logLevel: () => {
      const level = optional('LOG_LEVEL') ?? 'info'
      if (!LOG_LEVELS.includes(level)) complain(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)
      return level
    },
    finish: (config) => (problems.length === 0 ? { kind: 'config', config } : { kind: 'bad', problems }),
  }
}

const urlForm = (protocols: readonly string[]): string =>
  `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`
