/**
 * One text with what is personal in it replaced, or null where the policy drops it.
 * Invariant: the same string when nothing was found, never longer than `charsMax` or itself, and clean when read again.
 */
import { findPersonal, isMark } from './find-personal.ts'
import type { Finding, RedactionAction } from './kinds.ts'
import { type NameFacts, NO_NAME } from './name-facts.ts'
import { count, hashOf, markOf, type Redaction, unwanted, weakened } from './redaction.ts'

export interface TextBounds {
  readonly charsMax: number
}

/** What replacing one thing lays bare, as a number beside another, is found in the next round. */
const ROUNDS_MAX = 8

export function redactText(
  text: string,
  redaction: Redaction,
  { charsMax, name = NO_NAME }: TextBounds & { readonly name?: NameFacts },
): string | null {
  let redacted = text
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const found = unwanted(findPersonal(redacted, name), redaction)
    const [first] = found
    if (first === undefined) return redacted
    for (const { kind } of found) count(redaction, kind)
    if (found.some(({ kind }) => actionFor(kind, redaction) === 'drop')) return null
    const replaced = replace(redacted, found, (finding, value) =>
      actionFor(finding.kind, redaction) === 'hash'
        ? hashOf(finding.kind, value, redaction)
        : markOf(finding.kind),
    )
    const marked = () => replace(redacted, found, ({ kind }) => markOf(kind))
    redacted = [replaced, marked()].find((fits) => fits.length <= charsMax) ?? markOf(first.kind)
  }
  return null
}

/** A user_id or session_id: personal as a whole or not at all, so that one person stays one value. */
export function redactId(text: string, redaction: Redaction, bounds: TextBounds): string | null {
  const [first] = unwanted(findPersonal(text, NO_NAME), redaction)
  const action = redaction.policy.ids
  if (first === undefined || action === 'allow') return text
  if (action === 'redact') return redactText(text, withMarks(redaction), bounds)
  count(redaction, first.kind)
  return action === 'drop' ? null : hashOf(first.kind, text, redaction)
}

/** A field that the project named. `null` says that it is dropped. */
export function redactField(text: string, action: RedactionAction, redaction: Redaction): string | null {
  if (action === 'allow' || isMark(text)) return text
  count(redaction, 'field')
  const taken = weakened(action, redaction)
  if (taken === 'drop') return null
  return taken === 'hash' ? hashOf('field', text, redaction) : markOf('field')
}

const actionFor = (kind: Finding['kind'], redaction: Redaction): RedactionAction =>
  weakened(redaction.policy.kinds[kind], redaction)

const withMarks = (redaction: Redaction): Redaction => ({ ...redaction, strength: 'no hashes' })

function replace(
  text: string,
  found: readonly Finding[],
  by: (finding: Finding, value: string) => string,
): string {
  let replaced = ''
  let at = 0
  for (const finding of found) {
    replaced += text.slice(at, finding.from) + by(finding, text.slice(finding.from, finding.until))
    at = finding.until
  }
  return replaced + text.slice(at)
}
