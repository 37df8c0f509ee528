/**
 * Configuration from environment variables: read once, by a `main.ts`, and every bad variable reported together.
 * Invariant: no report repeats a value; a URL holds a password.
 */
import { parseClickHouseUrl } from './clickhouse/address.ts'

export type Env = Readonly<Record<string, string | undefined>>

export interface StoreConfig {
  readonly databaseUrl: string
  readonly clickHouseUrl: string
  readonly objectStoreUrl: string
}

export type ParsedConfig<T> =
  | { readonly kind: 'config'; readonly config: T }
  /** One sentence a variable. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] }

/** Reads variables and keeps every problem; what was read is a placeholder once there is one. */
export interface EnvReader {
  /** `expected` ends the sentence "NAME must be ...". An empty variable is an absent one. */
  readonly text: (
    name: string,
    expected: string,
    isGood: (text: string) => boolean,
    fallback?: string,
  ) => string
  readonly integer: (
    name: string,
    range: { readonly from: number; readonly to: number },
    fallback?: number,
  ) => number
  readonly choice: <T extends string>(name: string, choices: readonly T[], fallback: T) => T
  readonly problems: () => readonly string[]
}

export function readEnv(env: Env): EnvReader {
  const problems: string[] = []
  const valueOf = (name: string): string | undefined => env[name]?.trim() || undefined
  const text: EnvReader['text'] = (name, expected, isGood, fallback) => {
    const value = valueOf(name)
    if (value !== undefined && isGood(value)) return value
    if (value === undefined && fallback !== undefined) return fallback
    problems.push(
      `${name} ${value === undefined ? 'is not set; it' : 'is malformed; it'} must be ${expected}`,
    )
    return ''
  }
  return {
    text,
    integer(name, { from, to }, fallback) {
      const isGood = (value: string) =>
        /^\d{1,15}$/.test(value) && Number(value) >= from && Number(value) <= to
      const expected = `a whole number from ${from} to ${to}`
      return Number(text(name, expected, isGood, fallback === undefined ? undefined : String(fallback)))
    },
    choice(name, choices, fallback) {
      const value = text(
        name,
        `one of ${choices.join(', ')}`,
        (given) => choices.some((choice) => choice === given),
        fallback,
      )
      return choices.find((choice) => choice === value) ?? fallback
    },
    problems: () => problems,
  }
}

/** The stores that ingest, app and jobs share. */
export function readStoreConfig(env: EnvReader): StoreConfig {
  return {
    databaseUrl: env.text('DATABASE_URL', 'postgres://USER:PASSWORD@HOST:5432/DATABASE', isPostgresUrl),
    clickHouseUrl: env.text(
      'CLICKHOUSE_URL',
      'http://USER:PASSWORD@HOST:8123/DATABASE (or https)',
      isClickHouseUrl,
    ),
    objectStoreUrl: env.text('OBJECT_STORE_URL', 's3://BUCKET or file:///FOLDER', isObjectStoreUrl),
  }
}

export const parseStoreConfig = (env: Env): ParsedConfig<StoreConfig> => parsedWith(env, readStoreConfig)

/** Runs a reading and gives its result, or its problems if it had any. */
export function parsedWith<T>(env: Env, read: (reader: EnvReader) => T): ParsedConfig<T> {
  const reader = readEnv(env)
  const config = read(reader)
  const problems = reader.problems()
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'config', config }
}

const isPostgresUrl = (text: string): boolean =>
  URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)

function isClickHouseUrl(text: string): boolean {
  try {
    return parseClickHouseUrl(text).origin !== ''
  } catch {
    return false
  }
}

const isObjectStoreUrl = (text: string): boolean =>
  URL.canParse(text) && ['s3:', 'file:'].includes(new URL(text).protocol)
