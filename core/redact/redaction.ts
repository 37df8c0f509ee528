/** One event's redaction under way: the policy, the key, and what was found so far. */
import { createHmac } from 'node:crypto'
import type { DetectedKind, Finding, RedactionAction, RedactionCounts, RedactionKind } from './kinds.ts'
import type { NameRules } from './name-rules.ts'
import type { RedactionPolicy } from './policy.ts'

export interface Redaction {
  readonly policy: RedactionPolicy
  readonly rules: NameRules
  readonly hmacKey: Uint8Array
  /** Grows as things are found. */
  readonly counts: Map<RedactionKind, number>
  /** Where hashes would outgrow a limit, marks stand in for them; where marks would, nothing does. */
  readonly strength: 'as asked' | 'no hashes' | 'drop'
}

export function count({ counts }: Redaction, kind: RedactionKind): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

export const countsOf = (counts: ReadonlyMap<RedactionKind, number>): RedactionCounts =>
  Object.fromEntries(counts)

/** The findings that the policy does not allow. */
export const unwanted = (found: readonly Finding[], { policy }: Redaction): readonly Finding[] =>
  found.length === 0 ? found : found.filter(({ kind }) => policy.kinds[kind] !== 'allow')

/** The action, or what takes its place where there is no room for it. */
export function weakened(action: RedactionAction, { strength }: Redaction): RedactionAction {
  if (action === 'allow' || strength === 'as asked') return action
  return strength === 'drop' ? 'drop' : action === 'hash' ? 'redact' : action
}

export const markOf = (kind: RedactionKind): string => `[${kind}]`

/** Same text and key, same hash: 132 bits of an HMAC-SHA-256, after the kind that was found. */
export const hashOf = (
  kind: DetectedKind | 'field',
  text: string,
  { hmacKey }: Pick<Redaction, 'hmacKey'>,
): string =>
  `${kind}:h_${createHmac('sha256', hmacKey).update(text, 'utf8').digest('base64url').slice(0, HASH_CHARS)}`

const HASH_CHARS = 22

/** Whether a text as a whole is a hash that `hashOf` made. */
export const isHash = (text: string): boolean => /^[a-z_]+:h_[A-Za-z0-9_-]{22}$/.test(text)
