/** What people call the keys that counters are of: names and prefixes, of revoked keys too. */
import { inArray } from 'drizzle-orm'
import { type Counter, ownerOf, type Scope } from '../../core/budget/scope.ts'
import type { Queryable } from './open.ts'
import { apiKeys } from './schema.ts'

interface Keyed {
  readonly settings: { readonly budget: { readonly scope: Scope } }
  readonly counter: Counter
}

/** By counter, of those that are of a key that is known: `nightly (lens_ab12…)`. */
export async function readKeyNames(
  tx: Queryable,
  all: readonly Keyed[],
): Promise<ReadonlyMap<Counter, string>> {
  const counters = new Map<string, Counter>()
  for (const { settings, counter } of all) {
    const owner = settings.budget.scope.each === 'key' ? ownerOf(counter) : null
    if (owner !== null) counters.set(owner, counter)
  }
  if (counters.size === 0) return new Map()
  const rows = await tx
    .select({ id: apiKeys.id, name: apiKeys.name, prefix: apiKeys.prefix })
    .from(apiKeys)
    .where(inArray(apiKeys.id, [...counters.keys()]))
  return new Map(rows.map(({ id, name, prefix }) => [counters.get(id) ?? '', `${name} (${prefix}…)`]))
}
