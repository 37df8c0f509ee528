/** What repricing is told by its environment: the object store only when it writes. */
import {
  type Environment,
  HTTP_PROTOCOLS,
  OBJECT_STORE_PROTOCOLS,
  type Parsed,
  POSTGRES_PROTOCOLS,
  readSettings,
} from '../../core/settings.ts'

export interface RepriceConfig {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  /** Null where nothing is applied. */
  readonly objectStoreUrl: string | null
}

export function parseRepriceConfig(
  env: Environment,
  { apply }: { readonly apply: boolean },
): Parsed<RepriceConfig> {
  const settings = readSettings(env)
  return settings.finish({
    databaseUrl: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS),
    clickhouseUrl: settings.requiredUrl('CLICKHOUSE_URL', HTTP_PROTOCOLS),
    objectStoreUrl: apply ? settings.requiredUrl('OBJECT_STORE_URL', OBJECT_STORE_PROTOCOLS) : null,
  })
}
