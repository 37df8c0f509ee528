/**
 * What a budget covers: the whole organisation or one project, narrowed by any filter over the facts of a call; and
 * whether it is one counter, or one for each user or API key.
 * Invariant: whether a call is covered depends on the scope and the call's own facts alone, so that the ledger, a hold
 * and a client come to the same answer.
 */

/** The facts of a call that a budget may ask for: known before the call is made. */
export interface CallFacts {
  readonly projectId: string
  readonly provider: string
  readonly model: string
  readonly route: string | null
  readonly userId: string | null
  readonly apiKeyId: string
  readonly environment: string
  readonly tags: Readonly<Record<string, string>>
}

export const SCOPE_FIELDS = ['provider', 'model', 'route', 'user', 'key', 'environment'] as const
export type ScopeField = (typeof SCOPE_FIELDS)[number]

/**
 * All that is asked for must hold, and of each list any one. A value may hold `*`, which stands for any characters:
 * `gpt-4o*`. A call without a route or a user is covered by no filter over it, not even by `*`.
 */
export interface Match {
  readonly fields: Readonly<Partial<Record<ScopeField, readonly string[]>>>
  readonly tags: Readonly<Record<string, readonly string[]>>
}

export const EACH = ['user', 'key'] as const
export type Each = (typeof EACH)[number]

export interface Scope {
  /** Null covers every project of the organisation. */
  readonly projectId: string | null
  readonly match: Match
  /** One counter for each user or key, each with the whole limit; null is one counter for all. */
  readonly each: Each | null
}

export const MATCH_ALL: Match = { fields: {}, tags: {} }

export const scopeOfProject = (projectId: string): Scope => ({ projectId, match: MATCH_ALL, each: null })

/** Names one counter of a budget: empty where there is one for all. */
export type Counter = string
export const ONE_COUNTER: Counter = ''

/** Calls that name no user share a counter of their own, so that leaving the name out is no way around a limit. */
const NOBODY = ''

/** The counter that a call falls under; null when the budget does not cover it. */
export function counterOf(scope: Scope, facts: CallFacts): Counter | null {
  if (!covers(scope, facts)) return null
  if (scope.each === null) return ONE_COUNTER
  return counterNamed(scope.each, scope.each === 'key' ? facts.apiKeyId : facts.userId)
}

export const counterNamed = (each: Each, id: string | null): Counter => `${each}:${id ?? NOBODY}`

/** Whose counter it is; null for calls that named nobody, and for a budget with one counter. */
export function ownerOf(counter: Counter): string | null {
  const id = counter.slice(counter.indexOf(':') + 1)
  return counter === ONE_COUNTER || id === NOBODY ? null : id
}

export function covers(scope: Scope, facts: CallFacts): boolean {
  return (scope.projectId === null || scope.projectId === facts.projectId) && matches(scope.match, facts)
}

/** Whether the scope asks for nothing but whose call it is: what the ledger's sums by project can answer. */
export const isWhole = ({ match, each }: Scope): boolean =>
  each === null && Object.keys(match.fields).length === 0 && Object.keys(match.tags).length === 0

function matches({ fields, tags }: Match, facts: CallFacts): boolean {
  for (const field of SCOPE_FIELDS) {
    const wanted = fields[field]
    if (wanted !== undefined && !isAnyOf(wanted, FACT_OF[field](facts))) return false
  }
  for (const name of Object.keys(tags)) {
    if (!isAnyOf(tags[name] ?? [], facts.tags[name] ?? null)) return false
  }
  return true
}

const FACT_OF: Readonly<Record<ScopeField, (facts: CallFacts) => string | null>> = {
  provider: ({ provider }) => provider,
  model: ({ model }) => model,
  route: ({ route }) => route,
  user: ({ userId }) => userId,
  key: ({ apiKeyId }) => apiKeyId,
  environment: ({ environment }) => environment,
}

const isAnyOf = (patterns: readonly string[], value: string | null): boolean =>
  value !== null && patterns.some((pattern) => fits(pattern, value))

/** `*` stands for any characters, also none. Goes back at most to the last star, so that no pattern is slow. */
export function fits(pattern: string, value: string): boolean {
  let [p, v, star, from] = [0, 0, -1, 0]
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++
      from = v
    } else if (pattern[p] === value[v]) {
      p += 1
      v += 1
    } else if (star >= 0) {
      p = star + 1
      from += 1
      v = from
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
