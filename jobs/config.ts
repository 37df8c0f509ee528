/** What the jobs are told by their environment. */
import {
  type Environment,
  HTTP_PROTOCOLS,
  type Parsed,
  POSTGRES_PROTOCOLS,
  readSettings,
} from '../core/settings.ts'

export interface JobsConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly logLevel: string
}

export function parseJobsConfig(env: Environment): Parsed<JobsConfig> {
  const settings = readSettings(env)
  return settings.finish({
    databaseUrl: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
    clickhouseUrl: settings.requiredUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
    logLevel: settings.logLevel(),
  })
}
