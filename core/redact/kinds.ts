/** What redaction looks for and what can become of it: one closed set each, the same in policies, counts and marks. */

/** Found by what a text looks like. */
export const DETECTED_KINDS = [
  'email',
  'phone',
  'card',
  'iban',
  'national_id',
  'ip',
  'api_key',
  'jwt',
] as const
export type DetectedKind = (typeof DETECTED_KINDS)[number]

/** `field` is found by its name, which a project configured; `text` is prompt or completion text, found by its name. */
export const REDACTION_KINDS = [...DETECTED_KINDS, 'field', 'text'] as const
export type RedactionKind = (typeof REDACTION_KINDS)[number]

export const REDACTION_ACTIONS = ['redact', 'hash', 'drop', 'allow'] as const
export type RedactionAction = (typeof REDACTION_ACTIONS)[number]

/** How often each kind was redacted, hashed or dropped; what is allowed is not looked for. */
export type RedactionCounts = Readonly<Partial<Record<RedactionKind, number>>>

/** Adds what was done to one event to what was done to those before it. */
export function addCounts(sum: Map<RedactionKind, number>, counts: RedactionCounts): void {
  for (const kind of REDACTION_KINDS) {
    const count = counts[kind]
    if (count !== undefined) sum.set(kind, (sum.get(kind) ?? 0) + count)
  }
}

/** Half-open, in UTF-16 units of the text that was looked at. */
export interface Finding {
  readonly kind: DetectedKind
  readonly from: number
  readonly until: number
}
