/** A redaction policy in the form in which it is written, and what differs between two, a line each. */
import { DEFAULT_POLICY, parseRedactionPolicy, type RedactionPolicy } from '../../core/redact/policy.ts'
import { aligned } from '../aligned.ts'

/** The stored policy; where it cannot be read the default holds, as in ingest. */
export function policyOf(stored: unknown): RedactionPolicy {
  if (stored === null) return DEFAULT_POLICY
  const parsed = parseRedactionPolicy(stored)
  return parsed.kind === 'policy' ? parsed.policy : DEFAULT_POLICY
}

export const policyJson = ({ kinds, ids, fields, text }: RedactionPolicy): object => ({
  kinds,
  ids,
  fields: Object.fromEntries(fields),
  text,
})

export function policyDifference(before: RedactionPolicy, after: RedactionPolicy): readonly string[] {
  const [was, is] = [factsOf(before), factsOf(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return aligned(
    names.flatMap((name) => {
      const [from, to] = [was.get(name) ?? 'as what it holds', is.get(name) ?? 'as what it holds']
      return from === to ? [] : [[name, from, '->', to]]
    }),
  )
}

const factsOf = ({ kinds, ids, fields, text }: RedactionPolicy): ReadonlyMap<string, string> =>
  new Map<string, string>([
    ...Object.entries(kinds).map(([kind, action]): [string, string] => [`kinds.${kind}`, action]),
    ['ids', ids],
    ...[...fields].map(([name, action]): [string, string] => [`fields.${name}`, action]),
    ['text', text],
  ])
