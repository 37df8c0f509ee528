/** A scope as people read it: "support-bot, model gpt-4o*, each user". */
import type { Budget } from './budget.ts'
import { type Counter, ownerOf, SCOPE_FIELDS, type Scope } from './scope.ts'

/** `projectName` is null for a budget of the whole organisation. */
export function scopeWords({ match, each }: Omit<Scope, 'projectId'>, projectName: string | null): string {
  const asked = SCOPE_FIELDS.flatMap((field) => {
    const values = match.fields[field]
    return values === undefined ? [] : [`${field} ${values.join(' or ')}`]
  })
  const tags = Object.entries(match.tags).map(([name, values]) => `${name} ${values.join(' or ')}`)
  const whole = projectName ?? 'the whole organisation'
  return [whole, ...asked, ...tags, ...(each === null ? [] : [`each ${each}`])].join(', ')
}

/** The name that a person gave it; null for one that is called by its scope. */
export const ownNameOf = ({ title, scope, projectName }: Pick<Budget, 'title' | 'scope' | 'projectName'>) =>
  title === scopeWords(scope, projectName) ? null : title

/** Whose counter it is, for a sentence: a key by its name where that is known; null where a budget has one for all. */
export function counterWords(
  scope: Pick<Scope, 'each'>,
  counter: Counter,
  ownerName: string | null = null,
): string | null {
  if (scope.each === null) return null
  return `${scope.each} ${ownerName ?? ownerOf(counter) ?? '(none named)'}`
}
