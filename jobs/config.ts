/** What the jobs are told by their environment. */
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
import { readAllowLoopback } from '../core/webhook/loopback-setting.ts'

export interface JobsConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly logLevel: string
}

/** The process that runs the jobs sends the webhooks too. */
export interface JobsProcessConfig extends JobsConfig {
  /** Opens the webhooks' secrets. */
  readonly keyring: Keyring
  readonly allowLoopback: boolean
}

export function parseJobsConfig(env: Environment): Parsed<JobsConfig> {
  const settings = readSettings(env)
  return settings.finish(readJobs(settings))
}

export function parseJobsProcessConfig(env: Environment): Parsed<JobsProcessConfig> {
  const settings = readSettings(env)
  return settings.finish({
    ...readJobs(settings),
    keyring: readKeyring(settings),
    allowLoopback: readAllowLoopback(settings),
  })
}

const readJobs = (settings: Settings): JobsConfig => ({
  databaseUrl: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
  clickhouseUrl: settings.requiredUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
  logLevel: settings.logLevel(),
})
