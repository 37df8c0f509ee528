/**
 * The payloads in a body of LiteLLM's generic API callback, in any of its log formats: one object, a list, or one
 * object a line. LiteLLM declares all three as JSON, so the text alone tells which it is.
 */
import { jsonParser, type ParsedJson } from '../body/parse-json.ts'

export type Payloads =
  /** In the order sent; a line that is no JSON is `undefined`, which no payload is. */
  | { readonly kind: 'payloads'; readonly payloads: readonly unknown[] }
  | { readonly kind: 'not_payloads' }
  | { readonly kind: Exclude<ParsedJson['kind'], 'json'> }

/** Of more than `payloadsMax` lines one too many is read, and no more. */
export function payloadsOfBody(text: string, payloadsMax: number): Payloads {
  const whole = jsonParser()(text)
  if (whole.kind === 'json') return payloadsOfValue(whole.value)
  const lines = linesOf(text, payloadsMax + 1)
  return lines.length < 2 ? whole : payloadsOfLines(lines)
}

/** The first lines that are not blank. */
function linesOf(text: string, linesMax: number): readonly string[] {
  const lines: string[] = []
  for (let from = 0; from < text.length && lines.length < linesMax; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end === -1 ? text.length : end)
    if (line.trim() !== '') lines.push(line)
    from = end === -1 ? text.length : end + 1
  }
  return lines
}

function payloadsOfValue(value: unknown): Payloads {
  if (Array.isArray(value)) return { kind: 'payloads', payloads: value }
  if (typeof value === 'object' && value !== null) return { kind: 'payloads', payloads: [value] }
  return { kind: 'not_payloads' }
}

function payloadsOfLines(lines: readonly string[]): Payloads {
  const read = jsonParser()
  const payloads: unknown[] = []
  for (const line of lines) {
    const payload = read(line)
    if (payload.kind === 'too_deep' || payload.kind === 'too_many') return payload
    payloads.push(payload.kind === 'json' ? payload.value : undefined)
  }
  return payloads.some((payload) => payload !== undefined)
    ? { kind: 'payloads', payloads }
    : { kind: 'not_json' }
}
