/**
 * The payloads in a body of LiteLLM's generic API callback, in any of its log formats: one object, a list, or one
 * object a line. LiteLLM declares all three as JSON, so the text alone tells which it is.
 */
export type Payloads =
  /** In the order sent; a line that is no JSON is `undefined`, which no payload is. */
  | { readonly kind: 'payloads'; readonly payloads: readonly unknown[] }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'not_payloads' }

export function payloadsOfBody(text: string): Payloads {
  const whole = parse(text)
  if (Array.isArray(whole)) return { kind: 'payloads', payloads: whole }
  if (typeof whole === 'object' && whole !== null) return { kind: 'payloads', payloads: [whole] }
  if (whole !== undefined) return { kind: 'not_payloads' }
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const payloads = lines.map(parse)
  const isLines = lines.length > 1 && payloads.some((payload) => payload !== undefined)
  return isLines ? { kind: 'payloads', payloads } : { kind: 'not_json' }
}

function parse(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed
  } catch {
    return undefined
  }
}
