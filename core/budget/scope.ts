/**
 * What a budget covers: the whole organisation or one project, narrowed by any filter over the facts of a call; and
 * whether it is one counter, or one for each user or API key.
 * Invariant: whether a call is covered depends on the scope and the call's own facts alone, so that the ledger, a hold
 * and a client come to the same answer.
 */

import { fits, fitsModel, mayFitModel } from './model-names.ts'

export { fits }

/** The facts of a call that a budget may ask for: known before the call is made, but for the snapshot that answers. */
export interface CallFacts {
  readonly projectId: string
  readonly provider: string
  /** The one that answered; before the call the one that is asked for. */
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
 * `gpt-4o*`. A call without a route or a user is covered by no filter over it, not even by `*`. A model is covered by any of
 * its names (model-names.ts).
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
export const counterOf = (scope: Scope, facts: CallFacts): Counter | null =>
  covers(scope, facts) ? ownCounter(scope, facts) : null

/**
 * The counter that a call may fall under which is yet to be made, as whichever snapshot of its model answers: it is held
 * there, and held to what that says. Null when it falls under none.
 */
export const counterAheadOf = (scope: Scope, facts: CallFacts): Counter | null =>
  covers(scope, facts, mayFitModel) ? ownCounter(scope, facts) : null

function ownCounter(scope: Scope, facts: CallFacts): Counter {
  if (scope.each === null) return ONE_COUNTER
  return counterNamed(scope.each, scope.each === 'key' ? facts.apiKeyId : facts.userId)
}

export const counterNamed = (each: Each, id: string | null): Counter => `${each}:${id ?? NOBODY}`

/** Whose counter it is; null for calls that named nobody, and for a budget with one counter. */
export function ownerOf(counter: Counter): string | null {
  const id = counter.slice(counter.indexOf(':') + 1)
  return counter === ONE_COUNTER || id === NOBODY ? null : id
}

type Fits = (pattern: string, value: string) => boolean

export function covers(scope: Scope, facts: CallFacts, fitsAModel: Fits = fitsModel): boolean {
  const isOfProject = scope.projectId === null || scope.projectId === facts.projectId
  return isOfProject && matches(scope.match, facts, fitsAModel)
}

/** Whether the scope asks for nothing but whose call it is: what the ledger's sums by project can answer. */
export const isWhole = ({ match, each }: Scope): boolean =>
  each === null && Object.keys(match.fields).length === 0 && Object.keys(match.tags).length === 0

function matches({ fields, tags }: Match, facts: CallFacts, fitsAModel: Fits): boolean {
  for (const field of SCOPE_FIELDS) {
    const wanted = fields[field]
    if (
      wanted !== undefined &&
      !isAnyOf(wanted, FACT_OF[field](facts), field === 'model' ? fitsAModel : fits)
    ) {
      return false
    }
  }
  for (const name of Object.keys(tags)) {
    // A call has the tags that it was sent with, and none of the names that every object has.
    const value = Object.hasOwn(facts.tags, name) ? (facts.tags[name] ?? null) : null
    if (!isAnyOf(tags[name] ?? [], value)) return false
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

const isAnyOf = (patterns: readonly string[], value: string | null, isFit: Fits = fits): boolean =>
  value !== null && patterns.some((pattern) => isFit(pattern, value))
