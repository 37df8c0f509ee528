/** API keys in Postgres, each with the rules of its project and the prices of its organisation. */
import type { Keyring } from '../../core/envelope.ts'
import { findApiKey, touchApiKey } from '../../db/postgres/api-keys.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { keepRedactionKey } from '../../db/postgres/projects.ts'
import type { Log } from '../log.ts'
import { keepBooks } from '../rules/price-books.ts'
import { type RulesDeps, readRules } from '../rules/project-rules.ts'
import type { KnownKeysDeps } from './known-keys.ts'

export interface FindKeysDeps {
  readonly keyring: Keyring
  readonly now: () => Date
  readonly log: Log
}

export function findKeysIn(
  { tables }: Postgres,
  { keyring, now, log }: FindKeysDeps,
): Pick<KnownKeysDeps, 'find' | 'touch'> {
  const pricesOf = keepBooks(tables, log)
  const rules: RulesDeps = {
    keyring,
    log,
    keepRedactionKey: (projectId, made) => keepRedactionKey(tables, projectId, made),
    pricesOf,
  }
  return {
    find: async (text) => {
      const stored = await findApiKey(tables, text)
      return stored && { ...stored, rules: await readRules(rules, stored) }
    },
    touch: (keyId) => touchApiKey(tables, keyId, now()),
  }
}
